// A first view on a slow phone: 400 ms to the server and back, 400 kbit/s, a quarter of the CPU.
export async function slow_first_view(browser, url, mode = {}) {
    const page = await browser.open(undefined, { width: 360, height: 740, touch: true, ...mode });
    const wire = await page.context().newCDPSession(page);
    await wire.send("Network.enable");
    await wire.send("Network.setCacheDisabled", { cacheDisabled: true });
    await wire.send("Network.emulateNetworkConditions", {
        offline: false, latency: 400, downloadThroughput: 400_000 / 8, uploadThroughput: 400_000 / 8,
    });
    await wire.send("Emulation.setCPUThrottlingRate", { rate: 4 });

    const types = new Map();
    const bytes = {};
    let requests = 0;
    wire.on("Network.responseReceived", ({ requestId, type }) => types.set(requestId, type.toLowerCase()));
    wire.on("Network.loadingFinished", ({ requestId, encodedDataLength }) => {
        const type = types.get(requestId) ?? "other";
        bytes[type] = (bytes[type] ?? 0) + encodedDataLength;
        requests += 1;
    });
    await page.addInitScript(() => {
        globalThis.paints = { lcp: 0, shift: 0 };
        new PerformanceObserver((list) => list.getEntries().forEach((one) => (globalThis.paints.lcp = one.startTime)))
            .observe({ type: "largest-contentful-paint", buffered: true });
        new PerformanceObserver((list) => list.getEntries().forEach((one) => (globalThis.paints.shift += one.hadRecentInput ? 0 : one.value)))
            .observe({ type: "layout-shift", buffered: true });
    });
    await page.goto(url, { waitUntil: "networkidle" });
    const { lcp, shift } = await page.evaluate(() => globalThis.paints);
    await browser.leave(page);
    return { lcp_ms: Math.round(lcp), layout_shift: Number(shift.toFixed(3)), requests, bytes };
}
