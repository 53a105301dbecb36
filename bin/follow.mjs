// Loaded before the program: when the bootstrap that started it is killed outright, the program ends in good order
// instead of going on unseen and holding the port and ./data.
process.once("disconnect", () => process.kill(process.pid, "SIGTERM"));
process.channel?.unref();
