import { expect, it } from "vitest";
import { readConfiguration } from "../../src/config/command-line.js";
import { ownVariables, readRuntimeEnvironment } from "../../src/config/environment.js";

it("the program's own variables are its settings, every cloud's credentials, and what its settings name", () => {
  const env = {
    HOME: "/nonexistent",
    CLOUDCERT_READ_ONLY: "false",
    TENCENTCLOUD_SECRET_ID: "AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE",
    TENCENTCLOUD_SECRET_KEY: "Gu5t9xGARNpq86cd98joQYCN3EXAMPLE",
    HUAWEICLOUD_SDK_SK: "MFyfvK41ba2giqM7Uio6PznpdUKGpownRZlmVmHc",
    HW_AUTH_TOKEN: "MIIEtokenofiam",
    OPS_COPY_OF_KEY: "Gu5t9xGARNpq86cd98joQYCN3EXAMPLE",
    OPS_HOOK: "https://hooks.slack.com/services/T0000000/B0000000/uYd8TqK3vXw5ZrB7nPcE2mLs",
    OPS_DATABASE: "postgres://user:s3cret-password@db.example.com/certs",
    OPS_STATE_KEY: Buffer.alloc(32, 7).toString("base64"),
    HTTPS_PROXY: "http://name:s3cret-of-proxy@proxy.example:3128",
    OPS_SITE_KEY: "-----BEGIN PRIVATE KEY-----",
    OPS_SITE_PASSWORD: "correct horse battery staple",
  };
  const args = ["--notify", "slack=env:OPS_HOOK", "--database", "env:OPS_DATABASE", "--state-key", "env:OPS_STATE_KEY"];
  const own = ownVariables(readRuntimeEnvironment(readConfiguration(args, env), env), env);
  expect(Object.keys(env).filter((name) => !own.has(name))).toEqual(["HOME", "OPS_SITE_KEY", "OPS_SITE_PASSWORD"]);
});
