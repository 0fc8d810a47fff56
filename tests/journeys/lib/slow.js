// Views on a slow phone: 400 ms to the server and back, 400 kbit/s, a quarter of the CPU.

/// A page of its own under these conditions, and `view(url)`: what one more visit took. The first is
/// that of somebody who was never here; the next ones have what the browser keeps.
export async function slow_phone(browser, mode = {}) {
    const page = await browser.open(undefined, { width: 360, height: 740, touch: true, ...mode });
    const wire = await page.context().newCDPSession(page);
    await wire.send("Network.enable");
    await wire.send("Network.emulateNetworkConditions", {
        offline: false, latency: 400, downloadThroughput: 400_000 / 8, uploadThroughput: 400_000 / 8,
    });
    await wire.send("Emulation.setCPUThrottlingRate", { rate: 4 });

    const types = new Map();
    const kept = new Set();
    let bytes, requests, began, paints;
    wire.on("Network.requestWillBeSent", ({ type, wallTime }) => type === "Document" && (began = wallTime));
    wire.on("Network.responseReceived", ({ requestId, type }) => types.set(requestId, type.toLowerCase()));
    wire.on("Network.requestServedFromCache", ({ requestId }) => kept.add(requestId));
    wire.on("Network.loadingFinished", ({ requestId, encodedDataLength }) => {
        if (kept.has(requestId) || encodedDataLength === 0) return;
        const type = types.get(requestId) ?? "other";
        bytes[type] = (bytes[type] ?? 0) + encodedDataLength;
        requests += 1;
    });
    // From the browser itself: so also where scripts are off.
    wire.on("PerformanceTimeline.timelineEventAdded", ({ event }) => {
        if (event.lcpDetails) paints.lcp = event.lcpDetails.renderTime || event.lcpDetails.loadTime;
        if (event.layoutShiftDetails && !event.layoutShiftDetails.hadRecentInput) paints.shift += event.layoutShiftDetails.value;
    });
    await wire.send("PerformanceTimeline.enable", { eventTypes: ["largest-contentful-paint", "layout-shift"] });

    async function view(url) {
        await page.goto("about:blank");
        bytes = {}, requests = 0, paints = { lcp: 0, shift: 0 };
        await page.goto(url, { waitUntil: "networkidle" });
        // Told a while after it was painted.
        for (let k = 0; k < 40 && (!paints.lcp || k < 5); ++k) await new Promise((again) => setTimeout(again, 100));
        const lcp_ms = Math.round((paints.lcp - began) * 1000);
        return { lcp_ms, layout_shift: Number(paints.shift.toFixed(3)), requests, bytes };
    }
    return { view, leave: () => browser.leave(page) };
}

export async function slow_first_view(browser, url, mode = {}) {
    const phone = await slow_phone(browser, mode);
    const found = await phone.view(url);
    await phone.leave();
    return found;
}
