/**
 * Passwords that guessing programs try first, in lower case: well-known leaks' most frequent ones of eight characters
 * and more (shorter ones are refused for their length), with the years, seasons and places that follow them.
 */
const list = `
password passw0rd p@ssword p@ssw0rd pa55word passwort motdepasse contrasena 12345678 123456789 1234567890
0123456789 987654321 9876543210 87654321 11111111 00000000 22222222 33333333 55555555 66666666 77777777 88888888
99999999 12341234 12121212 11223344 1122334455 123123123 123321123 147258369 159753456 741852963 789456123
456789123 321654987 1q2w3e4r 1q2w3e4r5t 1qaz2wsx 1qazxsw2 q1w2e3r4 q1w2e3r4t5 zaq12wsx zaq1zaq1 qwertyui
qwertyuiop qwerty12 qwerty123 qwerty1234 qwerty12345 qwertz123 azertyuiop azerty123 asdfghjk asdfghjkl asdf1234
asdfasdf zxcvbnm zxcvbnm1 zxcvbnm123 1234qwer qwer1234 qweasdzxc qazwsxedc qazwsx123 abcd1234 abc12345 abc123456
a1b2c3d4 aa123456 a1234567 a12345678 abcdefgh abcdefghi abcdefg1 abcd12345 iloveyou iloveyou1 iloveyou2
iloveyou123 iloveu123 loveyou1 lovelove princess princess1 sunshine sunshine1 football football1 baseball
baseball1 basketball superman superman1 batman123 spiderman pokemon123 starwars starwars1 welcome1 welcome12
welcome123 welcome2024 welcome2025 welcome2026 letmein1 letmein123 letmeinnow trustno1 whatever whatever1
computer computer1 internet internet1 samsung1 samsung123 michael1 jennifer jennifer1 jessica1 michelle
michelle1 charlie1 charlie123 anthony1 jordan23 liverpool liverpool1 manchester chelsea1 arsenal1 barcelona
realmadrid juventus ronaldo7 dragon123 monkey123 shadow123 master123 mustang1 corvette mercedes ferrari1
porsche1 harley123 yamaha123 football123 password1 password12 password123 password1234 password12345 password2
password3 password99 password01 password2020 password2021 password2022 password2023 password2024 password2025
password2026 passw0rd1 passw0rd123 p@ssw0rd1 p@ssw0rd123 p@55w0rd pass1234 pass12345 pass123456 passpass
mypassword newpassword yourpassword thepassword nopassword changeme changeme1 changeme123 changeit default1
default123 secret123 secret1234 topsecret test1234 test12345 testtest testing1 testing123 tester123 temp1234
temppass temporary guest123 guest1234 user1234 username root1234 rootroot toor1234 admin123 admin1234 admin12345
admin123456 adminadmin administrator administrator1 superuser manager1 manager123 office123 company1 company123
business business1 service1 summer01 summer123 summer2020 summer2021 summer2022 summer2023 summer2024 summer2025
summer2026 winter01 winter123 winter2023 winter2024 winter2025 winter2026 spring2024 spring2025 spring2026
autumn2024 autumn2025 autumn2026 january1 february march2025 april2025 monday123 tuesday1 friday123 saturday
sunday123 december november october1 september australia australia1 melbourne brisbane sydney123 sydney2024
sydney2025 sydney2026 newyork1 losangeles california london123 england1 canada123 germany1 butterfly chocolate
chocolate1 strawberry cupcake1 cookie123 banana123 cheese123 peanut123 flower123 rainbow1 unicorn1 sparkle1
diamond1 crystal1 princesa estrella mariposa tequiero teamo123 corazon1 alejandro fernando francisco carolina
valentina gabriela sebastian cristina jonathan benjamin nicholas victoria elizabeth stephanie alexander
alexandra christian christine daniel123 david123 joshua123 matthew1 andrew123 thomas123 robert123 richard1
william1 patrick1 brandon1 cameron1 maggie123 buster123 bailey123 ginger123 tigger123 pepper123 killer123
hunter123 hunter2hunter2 ranger123 soccer123 hockey123 tennis123 cricket1 golfgolf fishing1 fuckyou1 fuckyou2
fuckoff1 asshole1 bullshit bitch123 sexysexy babygirl babygirl1 babyboy1 lovely123 beautiful angel123 angels123
heaven123 jesus123 jesuschrist jesus1234 blessed1 godisgood faith123 believe1 freedom1 forever1 forever21
together happy123 happiness goodluck lucky123 friends1 friendship family123 mother123 father123 brother1
sister123 jackson1 madison1 dakota123 phoenix1 matrix123 thunder1 lightning hurricane midnight midnight1
sunflower sunflowers moonlight starlight snowball snowflake waterfall mountain1 oceanblue bluesky1 green123
purple123 orange123 silver123 golden123 yellow123 redrose1 blackcat whitecat google123 facebook facebook1
twitter1 youtube1 instagram linkedin1 microsoft windows1 windows10 windows11 apple123 iphone123 android1
nintendo playstation minecraft minecraft1 fortnite roblox123 callofduty counterstrike leagueoflegends
worldofwarcraft naruto123 dragonball goldfish elephant crocodile student1 student123 student1234 teacher1
teacher123 school123 college1 college123 university university1 campus123 library1 education education1 learning
payments payment1 payment123 finance1 finance123 account1 account123 accounts accounting invoice1 money123
dollar123 bankbank banking1 cashcash qwerty!@ qwe123qwe 1qaz!qaz !qaz2wsx 1qaz@wsx zaq!2wsx p@ssword1
p@ssword123 admin@123 admin@1234 welcome@1 welcome@123 india@123 pass@123 test@123 abc@1234 abcd@1234 qwerty@123
user@123 root@123 hello123 hello1234 helloworld hellohello goodmorning goodbye1 nothing1 something access14
access123 logmein1 correcthorsebatterystaple correcthorse tobeornottobe ncc1701d thx1138x trustno12 letmein!
blink182 rush2112 slipknot metallica nirvana1 eminem123 beatles1 aaaaaaaa aaaaaa11 abababab xxxxxxxx zzzzzzzz
1a2b3c4d 123qweasd 123qweasdzxc 12qwaszx 123abc123 abc123abc 123456aa 123456ab 123456abc 123456qwerty 1234abcd
12345abc 12345678a 123456789a 1234567a 0987654321 0000000000 1111111111 1212121212 12345679 123454321 135792468
102030405060 10203040 112233445566 111222333 121212121 147852369 159357159 258456258 789789789
`;

const common = new Set(list.split(/\s+/).filter((word) => word !== ""));

/**
 * Whether this is one of the common ones, also in capitals, with other digits for letters or a few marks at its ends.
 */
export function isCommonPassword(password: string): boolean {
  const lower = password.toLowerCase();
  const bare = lower.replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu, "");
  return [lower, bare, unleet(lower), unleet(bare)].some(
    (word) => common.has(word) || common.has(word.replace(/\d{1,4}$/, "")),
  );
}

function unleet(text: string): string {
  const letters: Readonly<Record<string, string>> = {
    "0": "o",
    "1": "i",
    "3": "e",
    "4": "a",
    "5": "s",
    "7": "t",
    "@": "a",
    $: "s",
  };
  // Digits at the end are a year or a count; those between letters stand for letters.
  const [, head = "", tail = ""] = /^(.*?)(\d*)$/s.exec(text) ?? [];
  return head.replace(/[013457@$]/g, (mark) => letters[mark] ?? mark) + tail;
}
