// Where an MCPB host starts the server. A host gives each directory as an argument of its own, and may leave a placeholder
// as it stands where a person filled in nothing; the program takes neither, and is right to refuse.
const isPlaceholder = (value) => /^\$\{user_config\.\w+\}$/.test(value);

const [node, start, ...given] = process.argv;
const directories = given.filter((one) => one !== "" && !isPlaceholder(one));
process.argv = [node, start, ...directories.map((one) => `--files=${one}`)];
for (const [name, value] of Object.entries(process.env)) {
  if (isPlaceholder(value)) delete process.env[name];
}
await import("./dist/cli.js");
