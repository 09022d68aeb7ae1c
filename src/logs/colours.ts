// Colours: ESC [ … m. Around the level in 3.8, around the whole line since 3.9, around the container's name in compose.

const colour = new RegExp(String.raw`\u001B\[[0-9;]{0,20}m`, 'g');

export const withoutColours = (line: string): string => (line.includes('\u001B[') ? line.replace(colour, '') : line);
