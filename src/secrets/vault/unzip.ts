import { inflateRawSync } from "node:zlib";
import { limits } from "../../catalogue/limits.js";

const { archive: archiveLimits } = limits;

/** Why an archive is not opened; reveals nothing of its content. */
export class UnfitArchive extends Error {}

interface ZipEntry {
  readonly name: string;
  readonly method: number;
  readonly packed: Buffer;
  readonly size: number;
}

/**
 * The files of a ZIP whose names `wanted` accepts. Numbers and sizes are checked before anything is inflated, and no
 * file may inflate to more than its declared size.
 *
 * No library: fflate builds its tables in JavaScript and takes two seconds for 64 KiB of nothing but tables; zlib
 * takes 20 ms.
 */
export function unzip(zip: Buffer, wanted: (name: string) => boolean): readonly Buffer[] {
  if (zip.length > archiveLimits.zippedBytes)
    throw new UnfitArchive(`it is larger than ${archiveLimits.zippedBytes / 1024} KiB`);
  try {
    const all = filesIn(zip);
    const files = all.filter(({ name }) => wanted(name));
    // Overlapping files would be unpacked repeatedly.
    const packed = all.reduce((sum, each) => sum + each.packed.length, 0);
    if (packed > zip.length) throw new UnfitArchive("its files overlap");
    const total = files.reduce((sum, { size }) => sum + size, 0);
    if (total > archiveLimits.totalBytes || files.some(({ size }) => size > archiveLimits.fileBytes)) {
      throw new UnfitArchive("it unpacks to more than is plausible for certificates");
    }
    return files.map(unpack);
  } catch (error) {
    throw error instanceof UnfitArchive ? error : new UnfitArchive("it is not a ZIP that can be read");
  }
}

const stored = 0;
const deflated = 8;

function unpack({ method, packed, size }: ZipEntry): Buffer {
  if (method === stored && packed.length === size) return packed;
  if (method !== deflated) throw new RangeError("packed in another way");
  return size === 0 ? Buffer.alloc(0) : inflateRawSync(packed, { maxOutputLength: size });
}

const endSignature = 0x06054b50;
const entrySignature = 0x02014b50;
const localSignature = 0x04034b50;
const endLength = 22;
const maxCommentLength = 0xffff;

/** Reads the central directory (APPNOTE.TXT 4.3). @throws {RangeError} if it is inconsistent */
function filesIn(zip: Buffer): ZipEntry[] {
  const end = endOf(zip);
  const count = zip.readUInt16LE(end + 10);
  if (count > archiveLimits.files) throw new UnfitArchive(`it holds more than ${archiveLimits.files} files`);
  const files: ZipEntry[] = [];
  let at = zip.readUInt32LE(end + 16);
  for (let left = count; left > 0; left -= 1) {
    if (zip.readUInt32LE(at) !== entrySignature) throw new RangeError("no entry");
    const nameLength = zip.readUInt16LE(at + 28);
    const name = zip.toString("utf8", at + 46, at + 46 + nameLength);
    const method = zip.readUInt16LE(at + 10);
    const size = zip.readUInt32LE(at + 24);
    const packed = dataAt(zip, zip.readUInt32LE(at + 42), zip.readUInt32LE(at + 20));
    files.push({ name, method, packed, size });
    at += 46 + nameLength + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32);
  }
  return files;
}

/** Position of the end record: only a comment may follow it. */
function endOf(zip: Buffer): number {
  const first = Math.max(0, zip.length - endLength - maxCommentLength);
  for (let at = zip.length - endLength; at >= first; at -= 1) if (zip.readUInt32LE(at) === endSignature) return at;
  throw new RangeError("no end");
}

/** The data after a file's local header. */
function dataAt(zip: Buffer, at: number, length: number): Buffer {
  if (zip.readUInt32LE(at) !== localSignature) throw new RangeError("no file");
  const from = at + 30 + zip.readUInt16LE(at + 26) + zip.readUInt16LE(at + 28);
  if (from + length > zip.length) throw new RangeError("cut off");
  return zip.subarray(from, from + length);
}
