declare module "htmx.org/dist/htmx.esm.min.js" {
    const htmx: { registerExtension(name: string, extension: object): void };
    export default htmx;
}
