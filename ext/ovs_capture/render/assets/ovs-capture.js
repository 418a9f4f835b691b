/* Comfort for pages that are whole without it: every mention of a thing lights up together, a
   tooltip says what it is, buttons copy the command and the output, tables sort, and a selection
   inside a capture is copied as the capture. */

(() => {
  "use strict";

  const FIGURES = ".ovs-capture, .ovs-flows, .ovs-figure, .ovs-pipeline";
  const DELAY = 300;
  const ICON = "M5.5 5.5h8v8h-8z M10.5 5.5v-3h-8v8h3";

  /* What is known elsewhere, and what is drawn: a wire has a way, but no name. */
  const TOKENS = "[data-ovs], [data-ovs-way]";

  const mentions = (key) =>
    (key ? document.querySelectorAll(`[data-ovs="${CSS.escape(key)}"]`) : []);

  /* The token at a node; in a picture the link around the element has the focus, not the element. */
  const at = (node) => {
    if (node?.nodeType !== Node.ELEMENT_NODE) return null;
    return node.closest(TOKENS) ?? (node.matches("svg a") ? node.querySelector(TOKENS) : null);
  };

  /* The elements on the way of one that is drawn, in its picture. */
  const way = (token) =>
    (token.dataset.ovsWay ?? "").split(" ").filter(Boolean).flatMap((id) =>
      [...token.ownerSVGElement.querySelectorAll(`[data-ovs-el="${CSS.escape(id)}"]`)]);

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
    for (const other of way(token)) other.classList.add("ovs-on");
    token.classList.add("ovs-at");
  }

  /* A browser's own tooltip would stand over ours; its words describe the link, whose name is what
     is seen. */
  for (const title of document.querySelectorAll("svg.ovs-picture [data-ovs] > title")) {
    const element = title.parentElement;
    const key = CSS.escape(element.dataset.ovs);
    if (!document.querySelector(`template[data-ovs-tip="${key}"]`)) continue;
    const link = element.closest("a");
    title.remove();
    link?.setAttribute(link.textContent.trim() ? "aria-description" : "aria-label",
      title.textContent);
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
    const key = CSS.escape(token.dataset.ovs ?? "");
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

  /* In a block of a page the commands stand in the text; what was printed is the rest. */
  const PRINTED = ".ovs-entry:not(.ovs-typed) > pre.ovs-text";

  const output = (figure) => Array.from(figure.querySelectorAll(PRINTED), captured).join("");

  const typed = (figure) => Array.from(
    figure.querySelectorAll(".ovs-typed[data-ovs-command]"),
    (entry) => entry.dataset.ovsCommand,
  ).join("\n");

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
    if (command || typed(figure)) {
      made.push(button(words.ovsCommand, words.ovsCopyCommand, words.ovsCopied,
        () => (command ? captured(command) : typed(figure))));
    }
    if (figure.querySelector(PRINTED)) {
      made.push(button(words.ovsOutput, words.ovsCopyOutput, words.ovsCopied,
        () => output(figure)));
    }
    tools.prepend(...made);
  }

  for (const tools of document.querySelectorAll(".ovs-tools[data-ovs-copy]")) {
    const words = tools.dataset;
    if (!navigator.clipboard) continue;
    tools.append(button(words.ovsLabel, words.ovsTitle, words.ovsCopied, () => words.ovsCopy));
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

  /* Paper cannot be unfolded. What the author leaves out of a capture stays out. */

  const OPENED = [];

  addEventListener("beforeprint", () => {
    const within = `:is(${FIGURES}, .ovs-diff) details:not([open], .ovs-cut)`;
    for (const fold of document.querySelectorAll(within)) {
      fold.open = true;
      OPENED.push(fold);
    }
  });

  addEventListener("afterprint", () => {
    for (const fold of OPENED.splice(0)) fold.open = false;
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

  /* The filter of a flows page: words that a flow must have, all or matched or idle ones. */

  const PLACE = /(?:table|テーブル)[\s=:]*(\d+)/g;
  const ADDRESS = /^(?:\d{1,3}(?:\.\d{1,3}){3}|[0-9a-f]{2}(?::[0-9a-f]{2}){5})$/;

  /* A whole address is no part of a longer one: 172.16.0.1 is not in 172.16.0.112. */
  function test(word) {
    const plain = (text) => text.includes(word);
    if (!ADDRESS.test(word)) return plain;
    const pattern = word.replace(/[.]/g, "\\.");
    const alone = new RegExp(`(?<![0-9a-z.:])${pattern}(?![0-9a-z]|[.:][0-9a-f])`);
    return (text) => plain(text) && alone.test(text);
  }

  function asked(query) {
    const tables = [];
    const rest = query.toLowerCase().replace(PLACE, (_, number) => {
      tables.push(number);
      return " ";
    });
    return { tables, tests: rest.split(/\s+/).filter(Boolean).map(test) };
  }

  /* The flows of a row: their words, and whether packets matched. Read when first asked for. */
  function flowsOf(row) {
    const group = row.querySelector(":scope > .ovs-same-shape");
    const own = Array.from(row.children)
      .filter((child) => child !== group && !(group && child.matches(".ovs-raw")))
      .map((child) => child.textContent).join(" ").toLowerCase();
    if (!group) return [{ text: own, idle: row.dataset.ovsIdle !== undefined }];
    const lines = group.querySelector(".ovs-lines");
    if (lines) {
      const texts = lines.textContent.split("\n");
      return texts.map((line) => ({ line, own, text: line.toLowerCase(), idle: /\s0$/.test(line) }));
    }
    return Array.from(group.querySelectorAll("tbody tr"), (line) => ({
      line, own, text: line.textContent.toLowerCase(),
      idle: line.cells[line.cells.length - 1].textContent === "0",
    }));
  }

  class Filter {
    constructor(place) {
      this.place = place;
      this.words = place.dataset;
      this.kind = "all";
      this.rows = null;
      this.build();
    }

    build() {
      const { words } = this;
      this.box = document.createElement("input");
      this.box.type = "search";
      this.box.className = "ovs-search";
      this.box.placeholder = words.ovsLabel;
      this.box.setAttribute("aria-label", words.ovsLabel);
      this.box.autocomplete = "off";
      this.box.spellcheck = false;
      const choices = document.createElement("span");
      choices.className = "ovs-choices";
      choices.setAttribute("role", "group");
      choices.setAttribute("aria-label", words.ovsLabel);
      /* Logical flows count no packets: of these there is only "all". */
      const said = (kind) => words[`ovs${kind[0].toUpperCase()}${kind.slice(1)}`];
      this.buttons = ["all", "matched", "idle"].filter(said).map((kind) => {
        const [label, count] = said(kind).split("|");
        const made = document.createElement("button");
        made.type = "button";
        made.className = "ovs-choice";
        made.dataset.kind = kind;
        made.setAttribute("aria-pressed", String(kind === "all"));
        const number = document.createElement("span");
        number.className = "ovs-count";
        number.textContent = Number(count).toLocaleString("en");
        made.append(label, number);
        made.addEventListener("click", () => this.choose(kind));
        return made;
      });
      choices.append(...this.buttons);
      choices.addEventListener("keydown", (event) => this.move(event));
      this.found = document.createElement("span");
      this.found.className = "ovs-found-count";
      this.found.setAttribute("role", "status");
      let wait = 0;
      this.box.addEventListener("input", () => {
        clearTimeout(wait);
        wait = setTimeout(() => this.apply(), 120);
      });
      this.box.addEventListener("keydown", (event) => {
        if (event.key === "Escape") {
          this.box.value = "";
          this.apply();
        } else if (event.key === "Enter") {
          clearTimeout(wait);
          this.apply();
        } else return;
        event.preventDefault();
      });
      this.place.append(this.box, choices, this.found);
      this.place.hidden = false;
    }

    move(event) {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      const at = this.buttons.indexOf(document.activeElement);
      if (!step || at < 0) return;
      const next = this.buttons[(at + step + this.buttons.length) % this.buttons.length];
      next.focus();
      next.click();
      event.preventDefault();
    }

    choose(kind) {
      this.kind = kind;
      for (const made of this.buttons) {
        made.setAttribute("aria-pressed", String(made.dataset.kind === kind));
      }
      this.apply();
    }

    /* The tables that follow, up to the section's end: a page may tell of several bridges. */
    read() {
      const scope = this.place.parentElement;
      this.sheets = Array.from(scope.querySelectorAll(".ovs-flows[data-ovs-table]"), (sheet) => ({
        sheet,
        section: sheet.closest("section") === scope ? sheet : sheet.closest("section"),
        number: sheet.dataset.ovsTable,
        rows: Array.from(sheet.querySelectorAll("li.ovs-flow"), (row) => ({
          row, flows: flowsOf(row), fold: row.querySelector(":scope > .ovs-same-shape"),
        })),
      }));
    }

    apply() {
      if (!this.sheets) this.read();
      const { tables, tests } = asked(this.box.value);
      const everything = !tables.length && !tests.length && this.kind === "all";
      const kept = (flow) => (this.kind === "all" || flow.idle === (this.kind === "idle"))
        && tests.every((fits) => fits(flow.text) || (flow.own !== undefined && fits(flow.own)));
      let shown = 0;
      let count = 0;
      for (const { sheet, section, number, rows } of this.sheets) {
        const here = !tables.length || tables.includes(number);
        let inSheet = 0;
        for (const one of rows) {
          const fitting = here ? (everything ? one.flows : one.flows.filter(kept)) : [];
          count += one.flows.length;
          inSheet += fitting.length;
          one.row.classList.toggle("ovs-unfit", !fitting.length);
          if (one.fold) this.narrow(one, fitting, tests.length > 0);
        }
        for (const run of sheet.querySelectorAll("li.ovs-idle")) {
          const empty = !run.querySelector("li.ovs-flow:not(.ovs-unfit)");
          run.classList.toggle("ovs-unfit", empty);
          this.open(run.firstElementChild, !empty && (tests.length > 0 || this.kind === "idle"));
        }
        section.classList.toggle("ovs-unfit", !inSheet);
        shown += inSheet;
      }
      const { ovsShown, ovsNone } = this.words;
      const said = (number) => number.toLocaleString("en");
      this.found.textContent = everything ? "" : shown
        ? ovsShown.replace("{shown}", said(shown)).replace("{count}", said(count)) : ovsNone;
    }

    /* Only the flows that fit are listed in the fold of a group. */
    narrow(one, fitting, open) {
      const whole = fitting.length === one.flows.length;
      const lines = one.fold.querySelector(".ovs-lines");
      if (lines && one.listed !== fitting.length + (whole ? "" : this.box.value + this.kind)) {
        lines.textContent = fitting.map((flow) => flow.line).join("\n");
        one.listed = fitting.length + (whole ? "" : this.box.value + this.kind);
      } else if (!lines) {
        const kept = new Set(fitting);
        for (const flow of one.flows) flow.line.classList.toggle("ovs-unfit", !kept.has(flow));
      }
      const summary = one.fold.firstElementChild;
      summary.dataset.ovsWhole ??= summary.textContent;
      summary.textContent = whole ? summary.dataset.ovsWhole
        : `${summary.dataset.ovsWhole} (${fitting.length.toLocaleString("en")})`;
      this.open(one.fold, open && fitting.length > 0 && !whole);
    }

    /* A fold that the filter opened is closed again with it; the reader's own stay. */
    open(fold, wanted) {
      if (wanted && !fold.open) {
        fold.open = true;
        fold.dataset.ovsOpened = "";
      } else if (!wanted && fold.dataset.ovsOpened !== undefined) {
        fold.open = false;
        delete fold.dataset.ovsOpened;
      }
    }
  }

  for (const place of document.querySelectorAll(".ovs-filter")) new Filter(place);
})();
