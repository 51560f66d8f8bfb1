/** The sites of the story, as in the sandbox's initial account. */

export const zone = "zone-sandboxdemo";
/** On EdgeOne of Tencent Cloud; HTTPS is off at first. */
export const shop = "shop.example.com";
/** On Tencent Cloud's CDN, which only the one-click update reaches. */
const bound = "static.example.com";
export const edgeone = ["www.example.com", shop];
export const alibabaCdn = "img.example.com";
export const alibabaVod = "vod.example.com";
export const huaweiLive = "play.example.com";

export const sites: readonly string[] = [...edgeone, bound, alibabaCdn, alibabaVod, huaweiLive];
/** Sites that no cloud lists: only their edge shows what they serve. */
export const unlisted = [alibabaCdn, alibabaVod, huaweiLive];
