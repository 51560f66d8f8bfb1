import assert from "node:assert/strict";
import { approveOnPage } from "./person.js";

/**
 * What every client is asked to do, in this order; the last is its end.
 * @typedef {object} Driven a client that is connected to the server
 * @property {boolean} hasForm whether it can show the person a form
 * @property {() => Promise<string[]>} tools the names of the tools that it lists
 * @property {(name: string, args: object) => Promise<object>} call a tool that must succeed; gives its structure
 * @property {(uri: string) => Promise<string>} [resource] the text of a resource
 * @property {(name: string, args: object) => Promise<string>} [prompt] the text of a prompt
 * @property {() => Promise<void>} close
 */
export const steps = {
  async list(client, { tools }) {
    assert.deepEqual((await client.tools()).sort(), [...tools].sort());
  },

  async read(client) {
    const { Certificates } = await client.call("DescribeCertificates", { Limit: 1 });
    assert.equal(Certificates.length, 1);
    assert.match(Certificates[0].CertificateId, /^\w{8}$/);
  },

  async change(client, { server }) {
    const { Certificates } = await client.call("DescribeCertificates", { Limit: 1 });
    const [{ CertificateId }] = Certificates;
    const Alias = "renamed by the compatibility run";
    const deciding = client.hasForm || server.said(/waits for approval: (http\S+)/).then(approveOnPage);
    const rename = () => client.call("ModifyCertificateAlias", { CertificateId, Alias });
    const [first] = await Promise.all([rename(), deciding]);
    // Without a form the first reply comes at once, to tell the person of the question; the same call uses the decision.
    if (first.state === "waiting for approval") await rename();
    const state = await (await fetch(await server.said(/what it holds: (http\S+)/))).json();
    assert.equal(state.certificates.find(({ id }) => id === CertificateId).alias, Alias);
    const asked = server.seen.stderr.some((line) => line.includes("waits for approval"));
    assert.equal(asked, !client.hasForm, "the person is asked in one place only");
  },

  async resource(client) {
    assert.match(await client.resource("cloudcert://operations/DescribeCertificates"), /DescribeCertificates/);
  },

  async prompt(client) {
    assert.match(await client.prompt("expiry_review", {}), /find_certificates/);
  },

  async end(client, { server }) {
    await client.close();
    const ended = await server.ended();
    assert.ok(ended.length > 0, "the server was killed");
    for (const { code, signal } of ended) assert.equal(code, 0, `the server ended with ${signal ?? code}`);
    for (const line of server.seen.stdout) assert.equal(JSON.parse(line).jsonrpc, "2.0", "stdout carries the protocol");
  },
};
