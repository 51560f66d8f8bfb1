/** The part that is used here of an official SDK that comes without types. */
declare module "tencentcloud-sdk-nodejs-intl-en/tencentcloud/*" {
  interface Profile {
    readonly signMethod: "HmacSHA1" | "HmacSHA256" | "TC3-HMAC-SHA256";
    readonly httpProfile: {
      readonly protocol: string;
      readonly endpoint: string;
      readonly reqMethod: "GET" | "POST";
      readonly reqTimeout: number;
      readonly headers: Readonly<Record<string, string>>;
    };
  }
  class Client {
    constructor(
      credential: { readonly secretId: string; readonly secretKey: string; readonly token: string | null },
      region: string | null,
      profile: Profile,
    );
    request(
      action: string,
      params: Readonly<Record<string, unknown>>,
      response: { deserialize(data: Readonly<Record<string, unknown>>): void },
      options: object,
      done: (error: Error | null) => void,
    ): void;
  }
  const versions: Readonly<Record<string, { readonly Client: typeof Client }>>;
  export default versions;
}
