export default async function setup() {
  console.log("GLOBAL SETUP");
  return () => console.log("GLOBAL TEARDOWN");
}
