// Stands before htmx is read: htmx looks for its settings when it begins. They are here and not in
// the page, so that no page can forget them.
const meta = document.createElement("meta");
meta.name = "htmx-config";
meta.content = JSON.stringify({
    includeIndicatorCSS: false, // style.css holds those two rules
    mode: "same-origin",
    defaultSwap: "outerHTML",
    extensions: "allotment", // no other may register
});
document.head.append(meta);
