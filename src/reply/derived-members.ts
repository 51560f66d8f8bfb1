/**
 * Members that this server adds to a cloud's reply. Each has the name of a cloud's member, an underscore and a word in
 * lower case, which no member of the clouds' replies has:
 *
 * - `Status_text`: what the code means
 * - `CertEndTime_iso`: the time in ISO 8601 and UTC
 * - `CertEndTime_days_left`: whole days until then, negative after it
 * - `Certificates_shown`: how much of a list or text is shown, if it did not fit
 */
const additions = ["text", "iso", "days_left", "shown"] as const;

export type Addition = (typeof additions)[number];

export function derivedMember(member: string, addition: Addition): string {
  return `${member}_${addition}`;
}

const addition = new RegExp(`_(?:${additions.join("|")})$`);

/** The cloud's member that a name refers to; the name itself unless this server added it. */
export function cloudMemberOf(name: string): string {
  return name.replace(addition, "");
}
