/* Comfort for pages that are whole without it: every mention of a thing lights up together, a
   tooltip says what it is, buttons copy the command and the output, tables sort, and a selection
   inside a capture is copied as the capture. */

(() => {
  "use strict";

  const FIGURES = ".ovs-capture, .ovs-flows, .ovs-figure, .ovs-pipeline";
  const DELAY = 300;
  const ICON = "M5.5 5.5h8v8h-8z M10.5 5.5v-3h-8v8h3";

  const mentions = (key) => document.querySelectorAll(`[data-ovs="${CSS.escape(key)}"]`);

  /* The token at a node; in a picture the link around the element has the focus, not the element. */
  const at = (node) => {
    if (node?.nodeType !== Node.ELEMENT_NODE) return null;
    return node.closest("[data-ovs]")
      ?? (node.matches("svg a") ? node.querySelector("[data-ovs]") : null);
  };

  /* What lights up. */

  let pointed = null;

  function point(token) {
    if (token === pointed) return;
    for (const old of document.querySelectorAll(".ovs-same, .ovs-at, .ovs-on")) {
      old.classList.remove("ovs-same", "ovs-at", "ovs-on");
    }
    pointed = token;
    if (!token) return;
    for (const other of mentions(token.dataset.ovs)) {
      other.classList.add(other.ownerSVGElement ? "ovs-on" : "ovs-same");
    }
    token.classList.add("ovs-at");
  }

  /* A browser's own tooltip would stand over ours; its words become the label of the link. */
  for (const title of document.querySelectorAll("svg.ovs-picture [data-ovs] > title")) {
    const element = title.parentElement;
    const key = CSS.escape(element.dataset.ovs);
    if (!document.querySelector(`template[data-ovs-tip="${key}"]`)) continue;
    element.closest("a")?.setAttribute("aria-label", title.textContent);
    title.remove();
  }

  /* The tooltip: one at a time, inside the figure of its token. */

  let tip = null;
  let timer = 0;

  function hide() {
    clearTimeout(timer);
    tip?.remove();
    tip = null;
  }

  function show(token) {
    const key = CSS.escape(token.dataset.ovs);
    const template = document.querySelector(`template[data-ovs-tip="${key}"]`);
    const figure = token.closest(FIGURES);
    hide();
    if (!template || !figure) return;
    tip = document.createElement("div");
    tip.className = "ovs-tip";
    tip.setAttribute("role", "tooltip");
    tip.lang = figure.lang;
    tip.append(template.content.cloneNode(true));
    const count = tip.querySelector(".ovs-mentions");
    if (count) count.textContent = count.dataset.ovsWords.replace("#", mentions(token.dataset.ovs).length);
    figure.append(tip);
    place(token, figure);
  }

  function place(token, figure) {
    const box = figure.getBoundingClientRect();
    const where = token.getBoundingClientRect();
    const left = where.left - box.left;
    const widest = box.width - tip.offsetWidth - 8;
    const above = where.top - box.top - tip.offsetHeight - 8;
    const roomAbove = where.top - tip.offsetHeight - 8 > 0;
    tip.style.left = `${Math.max(8, Math.min(left, widest))}px`;
    tip.style.top = `${roomAbove ? above : where.bottom - box.top + 8}px`;
  }

  document.addEventListener("pointerover", (event) => {
    if (event.pointerType === "touch") return;
    if (tip?.contains(event.target)) {
      clearTimeout(timer);
      return;
    }
    const token = at(event.target);
    if (token === pointed && tip) {
      clearTimeout(timer);
      return;
    }
    clearTimeout(timer);
    if (token) {
      point(token);
      timer = setTimeout(() => show(token), DELAY);
    } else if (pointed && pointed !== document.activeElement) {
      /* Time to reach the tooltip with the pointer. */
      timer = setTimeout(() => { hide(); point(null); }, DELAY);
    }
  });

  document.addEventListener("focusin", (event) => {
    const token = at(event.target);
    if (token && !tip?.contains(token)) {
      point(token);
      show(token);
    }
  });

  document.addEventListener("focusout", (event) => {
    if (at(event.target) && !tip?.contains(event.relatedTarget)) {
      hide();
      point(null);
    }
  });

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && (tip || pointed)) {
      hide();
      point(null);
    }
  });

  /* Copying. A byte that is shown as \xNN is copied as itself where text can hold it. */

  function captured(root) {
    const copy = root.cloneNode(true);
    for (const byte of copy.querySelectorAll(".ovs-byte")) {
      const hex = byte.dataset.byte;
      const bytes = Uint8Array.from(hex.match(/../g), (pair) => parseInt(pair, 16));
      try {
        byte.textContent = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
      } catch {
        /* Not UTF-8: stays as shown. */
      }
    }
    return copy.textContent;
  }

  const output = (figure) =>
    Array.from(figure.querySelectorAll("pre.ovs-text"), captured).join("");

  function button(word, label, copied, content) {
    const made = document.createElement("button");
    made.type = "button";
    made.className = "ovs-tool";
    made.setAttribute("aria-label", label);
    made.title = label;
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    svg.setAttribute("viewBox", "0 0 16 16");
    svg.setAttribute("aria-hidden", "true");
    const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
    path.setAttribute("d", ICON);
    svg.append(path);
    const text = document.createElement("span");
    text.className = "ovs-label";
    text.setAttribute("aria-live", "polite");
    text.textContent = word;
    made.append(svg, text);
    made.addEventListener("click", async () => {
      await navigator.clipboard.writeText(content());
      made.classList.add("ovs-done");
      text.textContent = copied;
      setTimeout(() => {
        made.classList.remove("ovs-done");
        text.textContent = word;
      }, 1500);
    });
    return made;
  }

  for (const figure of document.querySelectorAll(".ovs-capture")) {
    const tools = figure.querySelector(".ovs-tools");
    const command = figure.querySelector(".ovs-cmd");
    const words = tools?.dataset;
    if (!tools || !navigator.clipboard) continue;
    const made = [];
    if (command) {
      made.push(button(words.ovsCommand, words.ovsCopyCommand, words.ovsCopied,
        () => captured(command)));
    }
    if (figure.querySelector("pre.ovs-text")) {
      made.push(button(words.ovsOutput, words.ovsCopyOutput, words.ovsCopied,
        () => output(figure)));
    }
    tools.prepend(...made);
  }

  document.addEventListener("copy", (event) => {
    const selection = getSelection();
    if (!selection.rangeCount || selection.isCollapsed) return;
    const range = selection.getRangeAt(0);
    const inText = (node) =>
      (node.nodeType === Node.ELEMENT_NODE ? node : node.parentElement)?.closest("pre.ovs-text");
    const first = inText(range.startContainer);
    const last = inText(range.endContainer);
    const figure = first?.closest(".ovs-capture");
    if (!figure || figure !== last?.closest(".ovs-capture")) return;
    const whole = range.cloneContents();
    const texts = first === last
      ? captured(whole)
      : Array.from(whole.querySelectorAll("pre.ovs-text"), captured).join("");
    event.clipboardData.setData("text/plain", texts);
    event.preventDefault();
  });

  /* Tables: a heading sorts, numbers by value. */

  const order = new Intl.Collator(undefined, { numeric: true });

  function sortBy(table, column, heading) {
    const descending = heading.getAttribute("aria-sort") === "ascending";
    for (const other of heading.parentElement.children) other.removeAttribute("aria-sort");
    heading.setAttribute("aria-sort", descending ? "descending" : "ascending");
    const body = table.tBodies[0];
    const value = (row) => row.cells[column].textContent;
    const rows = Array.from(body.rows)
      .sort((a, b) => order.compare(value(a), value(b)) * (descending ? -1 : 1));
    body.append(...rows);
  }

  for (const table of document.querySelectorAll("table.ovs-table")) {
    Array.from(table.tHead.rows[0].cells).forEach((heading, column) => {
      const made = document.createElement("button");
      made.type = "button";
      made.className = "ovs-tool";
      made.append(...heading.childNodes);
      made.addEventListener("click", () => sortBy(table, column, heading));
      heading.append(made);
    });
  }
})();
