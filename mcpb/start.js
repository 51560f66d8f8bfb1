// Where an MCPB host starts the server. A host gives each directory as an argument of its own, and may leave a placeholder
// as it stands where a person filled in nothing; the program takes neither, and is right to refuse.
const unfilled = (value) => value === "" || /^\$\{user_config\.\w+\}$/.test(value);

const [node, start, ...directories] = process.argv;
process.argv = [node, start, ...directories.filter((one) => !unfilled(one)).map((one) => `--files=${one}`)];
for (const [name, value] of Object.entries(process.env)) {
  if (unfilled(value)) delete process.env[name];
}
await import("./dist/cli.js");
