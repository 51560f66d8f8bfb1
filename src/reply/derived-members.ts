/**
 * Members that this server adds to a cloud's reply. Each stands beside a member of the cloud's own and is named after
 * it, with an underscore and a word in lower case, as no member of the clouds' replies is:
 *
 * - `Status_text`: what the code means
 * - `CertEndTime_iso`: the time in ISO 8601 and UTC
 * - `CertEndTime_days_left`: whole days until then, negative once it is over
 * - `Certificates_shown`: how much of a list or text is shown, where it did not fit
 * - `Status_as_sent`: a value of another type than documented; the member itself is missing then
 */
const additions = ["text", "iso", "days_left", "shown", "as_sent"] as const;

export type Addition = (typeof additions)[number];

export function derivedMembers(member: string, addition: Addition): string {
  return `${member}_${addition}`;
}

const addition = new RegExp(`_(?:${additions.join("|")})$`);

/** The cloud's member that a name is about: itself, unless it is one of ours. */
export function stemOf(name: string): string {
  return name.replace(addition, "");
}
