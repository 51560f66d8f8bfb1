import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));
const within = (folder: string) => readdirSync(join(root, folder)).map((name) => join(folder, name));
const files = [
  "README.zh-CN.md",
  ...within("docs/zh-CN"),
  ...within("src/chinese"),
  "scripts/docs/chinese.ts",
  "src/view/texts.ts",
];

/** One term for each thing, before those that are not used beside it. */
it.each([
  ["长期授权", /长期批准/],
  ["保管库", /保险库/],
  ["任务、任务日志", /作业/],
  ["分批", /波次|[一某]波/],
  ["敏感数据", /秘密|机密/],
  ["凭证", /凭据/],
  ["接收方", /接收端/],
  ["访客", /访问者/],
  ["你", /您/],
  ["恢复", /放回/],
  ["边缘节点", /边缘(?!节点|计算|双向)/],
  ["审批人", /决定人/],
  ["审批请求", /待批问题|未决的问题|问题无人|请人询问|每个问题|问题[和或]答复|问题在时限|[不未]再询问|询问人|不询问/],
  ["接入地址", /接入域名/],
  ["（另有 … 个）", /等（另有/],
  ["张（证书）", /个(未使用的)?证书(?!请求|库)/],
])("%s is what Chinese texts call it, and not %s", (_, other) => {
  const found = files.flatMap((file) =>
    readFileSync(join(root, file), "utf8")
      .split("\n")
      .flatMap((line, index) => (other.test(line) ? [`${file}:${index + 1}`] : [])),
  );
  expect(found).toEqual([]);
});
