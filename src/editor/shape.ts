// What is known of a value that somebody else made: nothing, until it is looked at.

export type Fields = Readonly<Record<string, unknown>>;

export const hasFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null;

export const listOf = (value: unknown): readonly unknown[] | undefined => (Array.isArray(value) ? value : undefined);
