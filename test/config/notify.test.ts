import { describe, expect, it } from "vitest";
import { readConfiguration } from "../../src/config/command-line.js";
import { configuredSecrets, readRuntimeEnvironment } from "../../src/config/environment.js";

const secret = "SEC2f1c9b0d7a6e5f4c3b2a1908f7e6d5c4";
const token = "e9a8118c8a3d4b6f9c0e1d2a3b4c5d6e";
const env = {
  DINGTALK: `https://oapi.dingtalk.com/robot/send?access_token=${token}`,
  DINGTALK_SECRET: secret,
  SLACK: "https://hooks.slack.com/services/T0000000/B0000000/uYd8TqK3vXw5ZrB7nPcE2mLs",
};

/** What a person may see of the receivers that the settings name. */
function receivers(args: readonly string[], more: Readonly<Record<string, string>> = {}) {
  const variables = { ...env, ...more };
  const { notify } = readRuntimeEnvironment(readConfiguration(["--sandbox", ...args], variables), variables);
  return notify.targets.map(({ receiver: { name }, host, signed }) => ({ name, host, signed }));
}

const both = [
  { name: "dingtalk (1)", host: "oapi.dingtalk.com", signed: true },
  { name: "slack (2)", host: "hooks.slack.com", signed: false },
];

describe("receivers", () => {
  it("are read from a flag for each, from one flag, or from the variable", () => {
    expect(receivers(["--notify", "dingtalk=env:DINGTALK,env:DINGTALK_SECRET", "--notify", "slack=env:SLACK"])).toEqual(
      both,
    );
    const inOne = "dingtalk=env:DINGTALK, env:DINGTALK_SECRET, slack=env:SLACK";
    expect(receivers(["--notify", inOne])).toEqual(both);
    expect(receivers([], { CLOUDCERT_NOTIFY: inOne })).toEqual(both);
    expect(receivers([])).toEqual([]);
  });

  it("are masked wherever the program writes: what lets anybody send to them, and no word of an address", () => {
    const configuration = readConfiguration(
      ["--sandbox", "--notify", "dingtalk=env:DINGTALK,env:DINGTALK_SECRET,slack=env:SLACK"],
      env,
    );
    const secrets = configuredSecrets(readRuntimeEnvironment(configuration, env));
    expect(secrets).toEqual(expect.arrayContaining([token, secret, "uYd8TqK3vXw5ZrB7nPcE2mLs"]));
    expect(secrets).not.toContain("services");
  });

  it("are masked with short parts that are no words, too", () => {
    const variables = { HOOK: "https://hooks.example.com/incoming/notifications/x7Kp2mQ9wE4r?token=aB3dE5fG7hJ9" };
    const configuration = readConfiguration(["--sandbox", "--notify", "slack=env:HOOK"], variables);
    const secrets = configuredSecrets(readRuntimeEnvironment(configuration, variables));
    expect(secrets).toEqual(expect.arrayContaining(["x7Kp2mQ9wE4r", "aB3dE5fG7hJ9"]));
    expect(secrets).not.toContain("notifications");
  });

  it("go through the proxy also from a server on the sandbox; without any, the proxy is not looked at", () => {
    const proxied = { ...env, HTTPS_PROXY: "http://proxy.example:3128" };
    const notify = (args: readonly string[], variables: Readonly<Record<string, string>>) =>
      readRuntimeEnvironment(readConfiguration(["--sandbox", ...args], variables), variables).notify;
    expect(notify(["--notify", "slack=env:SLACK"], proxied).proxy?.address.host).toBe("proxy.example:3128");
    expect(notify([], { HTTPS_PROXY: "nonsense" }).proxy).toBeUndefined();
  });
});

it.each([
  "slack",
  "slack=",
  "slack=SLACK",
  "mail=env:SLACK",
  "env:SLACK",
  "slack=env:",
  "slack=env:A-B",
  "dingtalk=env:DINGTALK,env:DINGTALK_SECRET,env:SLACK",
  `dingtalk=${env.DINGTALK}`,
  `dingtalk=env:DINGTALK,${secret}`,
])("%s is refused, and not repeated where it may be a secret", (value) => {
  const read = () => readConfiguration(["--notify", value], {});
  expect(read).toThrow(/^--notify: (write KIND=ADDRESS|env:SLACK does not follow a KIND=ADDRESS)/);
  expect(read).not.toThrow(new RegExp(`${secret}|${token}`));
});
