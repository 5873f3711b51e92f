// The decoder's glue, taken by its file because the package does not export it.
declare module '*/hevc-decode.js' {
  const create: (options: { locateFile?: () => string }) => Promise<unknown>;
  export default create;
}
