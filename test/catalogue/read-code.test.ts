import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { codesOf } from "../../src/catalogue/errors/index.js";
import { codeIn, similarCodes } from "../../src/catalogue/errors/read-code.js";
import { alibabaCdn, services, tencentSsl } from "../../src/catalogue/services.js";
import { runs } from "../support/width.js";

const allCodes = services.flatMap(codesOf);
const read = (text: string) => codeIn(text, services);

describe("the code in a text", () => {
  it("is found for every known code, in whatever a program or a person puts around it", () => {
    const around = fc.constantFrom(
      (code: string) => code,
      (code: string) => code.toLowerCase(),
      (code: string) => ` ${code}\n`,
      (code: string) =>
        `[TencentCloudSDKError] Code=${code}, Message=..., RequestId=c99459d9-f33c-43a7-9ea0-f982d6716616`,
      (code: string) => `{"RequestId":"C826B7B0","HostId":"cdn","Code":"${code}","Message":"no"}`,
      (code: string) => `HTTP 401: [${code}]Incorrect information.`,
      (code: string) => `请问 ${code} 是什么意思？`,
      (code: string) => `报错：${code}。`,
      (code: string) => `${code}Error: it failed. at Client.request (/app/node_modules/core/rpc.js:246:19)`,
    );
    fc.assert(
      fc.property(fc.constantFrom(...allCodes), around, (code, put) => {
        expect(read(put(code))?.toLowerCase()).toBe(code.toLowerCase());
      }),
      { numRuns: runs(300, 2_000) },
    );
  });

  it.each([
    ["CertificateDeployInstanceEmpty", "FailedOperation.CertificateDeployInstanceEmpty"],
    ["missmatch", "Certificate.MissMatch"],
    ["0301", "APIGW.0301"],
    ["100011001", "LIVE.100011001"],
  ])("is completed where its end tells it: %s", (end, code) => {
    expect(read(end)).toBe(code);
  });

  it.each([
    ["NotFound", "NotFound"],
    ["Error", "Error"],
    ["Nope.Foo", "Nope.Foo"],
    ["109", "109"],
    ["“0399”。", "0399"],
    ['{"status_code":403,"error_code":"CDN.00010198","error_message":"no"}', "CDN.00010198"],
    ["what is Code=Nope.FooBar, please", "Nope.FooBar"],
    ["错误码：NopeFoo 怎么办 please", "NopeFoo"],
    ["it said InvalidParameter.Foo and stopped", "InvalidParameter.Foo"],
    ["错误码 10015", "10015"],
    ["上传失败，错误码：9001。", "9001"],
    ["错误代码为 10015，请处理", "10015"],
    ["code: 10015", "10015"],
    ['{"code":10015,"message":"no"}', "10015"],
    ["upload failed with error code 10015.", "10015"],
    ["StatusCode: 400 code: 10015", "10015"],
    ["StatusCode: 400\n Code: InvalidCredentials\n Message: set them up", "InvalidCredentials"],
  ])("stays as it is where nothing tells it: %s", (text, code) => {
    expect(read(text)).toBe(code);
  });

  it.each([
    "",
    "  ",
    "证书不可以部署到实例列表下。",
    "The throttling threshold has been reached",
    "access is forbidden",
    "it does not work, exit code 1",
    "HTTP status code 503 again",
    // certimate-go/certimate#841: a count in a sentence of another script.
    "上传证书提示超过5120个字符",
    "code 的值超过5120个字符",
    "the program exited with code 137",
    "status_code: 404, retcode",
    '{"httpStatusCode":503,"statusCode": 503}',
    "AxiosError: Request failed with status code 400, code: ERR_BAD_REQUEST",
  ])("is missing: %j", (text) => expect(read(text)).toBeUndefined());

  it("is completed only for the services that are meant", () => {
    expect(codeIn("CertificateNotFound", services, [alibabaCdn])).toBe("CertificateNotFound");
    expect(codeIn("LIVE.103011019", services, [alibabaCdn])).toBe("LIVE.103011019");
    expect(codeIn("missmatch", services, [alibabaCdn])).toBe("Certificate.MissMatch");
  });

  it("is that of the service asked first", () => {
    const text = "Throttling, then RequestLimitExceeded";
    expect(codeIn(text, services)).toBe("RequestLimitExceeded");
    expect(codeIn(text, [...services].reverse())).toBe("Throttling");
  });

  it("is looked for in any text without failing, and is never longer than a code", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 300 }), (text) => {
        expect((read(text) ?? "").length).toBeLessThanOrEqual(120);
      }),
    );
    expect(read("A".repeat(runs(200_000, 2_000_000)))).toBeUndefined();
  });
});

describe("look-alikes", () => {
  it.each([
    ["FailedOperation.CertificateNotFind", "FailedOperation.CertificateNotFound"],
    ["InvalidParameter.CertificateNotFound", "FailedOperation.CertificateNotFound"],
    ["FailedOperation.CertificateExist", "FailedOperation.CertificateExists"],
    ["authfailure.signaturefailed", "AuthFailure.SignatureFailure"],
  ])("%s → %s", (slip, code) => {
    expect(similarCodes(slip, [tencentSsl])[0]).toBe(code);
  });

  it("are three at most, and none for what resembles nothing", () => {
    expect(similarCodes("LIVE.100011099", services).length).toBe(3);
    expect(similarCodes("Completely.SomethingElse", services)).toEqual([]);
  });

  it("begin with the code itself when one character of it is wrong", () => {
    const long = codesOf(tencentSsl).filter((code) => code.length >= 20);
    fc.assert(
      fc.property(fc.constantFrom(...long), fc.nat(), (code, at) => {
        const place = at % code.length;
        const slip = `${code.slice(0, place)}_${code.slice(place + 1)}`;
        expect(similarCodes(slip, [tencentSsl])).toContain(code);
      }),
    );
  });
});
