import { type UnzipFileInfo, type Unzipped, unzipSync } from "fflate";

/** Far above what a certificate authority packs, and far below what would hurt. */
export const archiveLimits = {
  zippedBytes: 1024 * 1024,
  fileBytes: 1024 * 1024,
  totalBytes: 4 * 1024 * 1024,
  files: 200,
} as const;

/** Why an archive is not opened; says nothing of what it holds. */
export class UnfitArchive extends Error {}

/**
 * The files of a ZIP whose names `wanted` accepts. Sizes are checked before anything is inflated; fflate writes no more
 * than the size that a file declares, so that one that lies is cut off.
 */
export function unzip(zip: Uint8Array, wanted: (name: string) => boolean): Readonly<Unzipped> {
  if (zip.length > archiveLimits.zippedBytes) throw new UnfitArchive("it is larger than 1 MiB");
  let files = 0;
  let total = 0;
  const filter = (file: UnzipFileInfo): boolean => {
    files += 1;
    if (files > archiveLimits.files) throw new UnfitArchive(`it holds more than ${archiveLimits.files} files`);
    if (!wanted(file.name)) return false;
    total += file.originalSize;
    const tooLarge = file.originalSize > archiveLimits.fileBytes || total > archiveLimits.totalBytes;
    if (tooLarge) throw new UnfitArchive("it unpacks to more than is plausible for certificates");
    return true;
  };
  try {
    return unzipSync(zip, { filter });
  } catch (error) {
    throw error instanceof UnfitArchive ? error : new UnfitArchive("it is not a ZIP that can be read");
  }
}
