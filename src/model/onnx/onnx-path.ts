// Which path is one of an ONNX model, and where its description is. It does not load what reads them.

export const isOnnxPath = (path: string): boolean => path.toLowerCase().endsWith(".onnx");

export const onnxDescriptionPath = (path: string): string => `${path.slice(0, -".onnx".length)}.json`;
