/** Titles of tools and services, in the vendors' own terms where they have one. */
export const titles: Readonly<Record<string, string>> = {
  "Find certificates": "盘点证书",
  "Deploy a certificate everywhere": "把一张证书部署到所有目标",
  "Check what domains serve": "检查域名实际返回的证书",
  "Wait for something slow": "等待耗时操作完成",
  "Undo a deployment": "回滚一次部署",
  "List deployments and rollbacks": "列出部署和回滚任务",
  "Explain an error code": "解释错误码",
  "Inspect a certificate": "检查一张证书",
  "List held secrets": "列出保管库中的敏感数据",
  "Save a held secret to files": "把保管库中的敏感数据写入文件",
  "Check this server's set-up": "检查本服务器的配置",

  "Tencent Cloud SSL": "腾讯云 SSL 证书",
  "Tencent Cloud EdgeOne": "腾讯云 EdgeOne",
  "Alibaba Cloud CDN": "阿里云 CDN",
  "Alibaba Cloud VOD": "阿里云视频点播",
  "Alibaba Cloud Certificate Management": "阿里云数字证书管理服务",
  "Alibaba Cloud Certificate Management (Singapore)": "阿里云数字证书管理服务（新加坡）",
  "Huawei Cloud Live": "华为云直播",
  "Huawei Cloud Certificate Manager": "华为云云证书管理服务",
  "This computer": "本机",
};
