// In the page's own storage.

export const cacheFolder = (): string => "cache";
