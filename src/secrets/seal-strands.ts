import { bodyOf, type KeyMaterial } from "./seal-blocks.js";
import { base64Forms, type Encoded, hexForms } from "./seal-encodings.js";
import { type Zone, zonesOf } from "./seal-zones.js";

/** A part of a strand that is no secret by itself. */
export interface OpenPart {
  readonly holds: Zone["holds"] | "armour";
  readonly from: number;
  readonly to: number;
  /** What comes before it in the public half; undefined if that cannot be told. */
  readonly lead: string | undefined;
}

/** A form of a key that is masked where a piece of it stands, too. */
export interface Strand {
  readonly text: string;
  /** Shortest piece that counts. */
  readonly shortest: number;
  readonly open: readonly OpenPart[];
}

type Forms = (bytes: Buffer) => readonly Encoded[];

/** 24 characters of base64 are 18 bytes of the key; these are as much in the other forms. */
const SHORTEST = { base64: 24, hex: 36, base64OfText: 32, hexOfText: 48 };

export function keyStrands({ ders, pems, publicHalf }: KeyMaterial): Strand[] {
  return [
    ...ders.flatMap((der) => derStrands(der, publicHalf)),
    ...pems.flatMap((pem) => textStrands(pem, publicHalf)),
  ];
}

/** A long secret of base64's digits, a session token or an archive: it may come back cut off. */
export function tokenStrand(token: string): Strand {
  return { text: token, shortest: SHORTEST.base64, open: [] };
}

function derStrands(der: Buffer, publicHalf: Buffer | undefined): Strand[] {
  const zones = zonesOf(der, publicHalf);
  const strands = (forms: Forms, shortest: number) =>
    forms(der).map((form) => ({
      text: form.ending,
      shortest,
      open: zones.map((zone) => ({ ...placed(zone, form), lead: leadOf(zone, form, forms, publicHalf) })),
    }));
  return [...strands(base64Forms, SHORTEST.base64), ...strands(hexForms, SHORTEST.hex)];
}

/** The public half up to the zone, encoded so that the zone looks as it does in `form`: in its case, at its alignment. */
function leadOf(zone: Zone, form: Encoded, forms: Forms, publicHalf: Buffer = Buffer.alloc(0)): string | undefined {
  const start = Math.ceil(form.position(zone.from));
  const looks = form.text.slice(start, Math.floor(form.position(zone.to)));
  return forms(publicHalf)
    .filter(({ text, position }) => text.startsWith(looks, Math.ceil(position(zone.inPublicHalf))))
    .map(({ text, position }) => text.slice(0, Math.floor(position(zone.inPublicHalf))))
    .at(0);
}

function textStrands(pem: string, publicHalf: Buffer | undefined): Strand[] {
  const bytes = Buffer.from(pem);
  const zones = zonesOf(Buffer.from(bodyOf(pem), "base64"), publicHalf);
  const places = bodyPlaces(pem);
  const inText = zones.map((zone) => ({
    ...zone,
    from: places[Math.floor((zone.from * 4) / 3)] ?? 0,
    to: (places[Math.ceil((zone.to * 4) / 3) - 1] ?? 0) + 1,
  }));
  const first = places[0] ?? 0;
  const afterLast = (places.at(-1) ?? 0) + 1;
  // The armour of a public key is much the same.
  const armour = [
    { holds: "armour", from: 0, to: first },
    { holds: "armour", from: afterLast, to: pem.length },
  ] as const;
  const strands = (forms: readonly Encoded[], shortest: number) =>
    forms.map((form) => ({
      text: form.ending,
      shortest,
      open: [...inText, ...armour].map((zone) => ({ ...placed(zone, form), lead: undefined })),
    }));
  return [...strands(base64Forms(bytes), SHORTEST.base64OfText), ...strands(hexForms(bytes), SHORTEST.hexOfText)];
}

/** Where in a PEM text each character of its body is. */
function bodyPlaces(pem: string): number[] {
  const start = pem.indexOf(bodyOf(pem).trim());
  const places: number[] = [];
  for (let at = Math.max(start, 0); at < pem.length && pem[at] !== "-"; at += 1) {
    if (/[A-Za-z0-9+/]/.test(pem[at] ?? "")) places.push(at);
  }
  return places;
}

function placed({ holds, from, to }: Omit<OpenPart, "lead">, form: Encoded): Omit<OpenPart, "lead"> {
  return { holds, from: Math.floor(form.position(from)), to: Math.ceil(form.position(to)) };
}
