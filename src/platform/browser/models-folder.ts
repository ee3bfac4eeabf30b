// In the page's own storage, where the page puts them.

export const modelsFolder = (): string => "models";
