/** The sites of the story, as the sandbox's account starts with them. */

export const zone = "zone-sandboxdemo";
/** On EdgeOne of Tencent Cloud; HTTPS is off at the start. */
export const shop = "shop.example.com";
/** On Tencent Cloud's CDN, which only the one-click update reaches. */
const bound = "static.example.com";
export const edgeone = ["www.example.com", shop];
export const alibabaCdn = "img.example.com";
export const alibabaVod = "vod.example.com";
export const huaweiLive = "play.example.com";

export const sites: readonly string[] = [...edgeone, bound, alibabaCdn, alibabaVod, huaweiLive];
/** Those that no cloud lists: only their edge shows what they have. */
export const unlisted = [alibabaCdn, alibabaVod, huaweiLive];
