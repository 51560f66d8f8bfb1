/** Types of installed.js, which commands run without a build. */
export declare function installed(name: string, dependencies: Readonly<Record<string, string>>): string;
