// What the dashboard does beside its forms: keep the page live, count the clock on, show the curl of
// what is being typed. Without it every page works, and is brought up to date by reloading.
(() => {
  "use strict";
  const one = (selector, root = document) => root.querySelector(selector);
  const all = (selector, root = document) => root.querySelectorAll(selector);

  const shownMerchant = () => one("#merchant")?.dataset.shown;

  // The live part of the page, fetched anew: never twice at once, never more often than events come.
  let fetching = false, again = false;
  async function refresh() {
    if (fetching) { again = true; return; }
    const live = one("#live");
    if (!live) return;
    fetching = true;
    const at = new URL(location.href);
    at.searchParams.set("part", "live");
    if (shownMerchant()) at.searchParams.set("merchant", shownMerchant()); // not another one that is used meanwhile
    at.searchParams.delete("outcome");
    try { await htmx.ajax("GET", at.pathname + at.search, {target: "#live", swap: "outerMorph"}); } catch { /* the next event asks again */ }
    fetching = false;
    tick();
    if (again) { again = false; refresh(); }
  }
  // A fault instead of the part, such as a session that is over: the whole page knows what to do. What
  // was typed into a form is not thrown away for it.
  const halfWritten = () => [...all("form.action :is(textarea, input:not([type=hidden]))")].some((field) => field.value !== field.defaultValue);
  function failed(status) {
    if (status < 429 && !halfWritten()) { location.reload(); return; }
    connected(false);
    if (status >= 429) setTimeout(refresh, 2000); // the store, say, cannot be reached: no event may come meanwhile
  }
  const notDone = (form, why) => { one(".outcome", form).textContent = "Nothing was done: " + why; };
  document.addEventListener("htmx:before:swap", (event) => {
    const ctx = event.detail?.ctx, form = ctx?.sourceElement?.closest?.("form.action");
    const live = ctx?.target?.id === "live";
    if (!(ctx?.response?.status >= 400)) { if (live) connected(source?.readyState === EventSource.OPEN); return; }
    event.preventDefault();
    if (!form) { failed(ctx.response.status); return; }
    const why = {401: "log in again, in another tab.", 403: "not let in.", 404: "the sandbox does not know this merchant any more."};
    notDone(form, why[ctx.response.status] || "the sandbox refused the form, with status " + ctx.response.status + ".");
  });
  document.addEventListener("htmx:error", (event) => {
    const form = event.detail?.ctx?.sourceElement?.closest?.("form.action");
    if (form) notDone(form, "the sandbox does not answer.");
  });

  let source = null;
  function connected(is) {
    document.body.dataset.live = is ? "on" : "off";
    one("[data-testid=disconnected]").hidden = is;
  }
  function listen() {
    const merchant = shownMerchant(), clock = one(".clock");
    if (source || !merchant || !clock) return;
    const query = new URLSearchParams({merchant, journal: clock.dataset.journal});
    source = new EventSource(document.body.dataset.events + "?" + query);
    source.onmessage = refresh;
    source.onopen = () => connected(true);
    source.onerror = () => connected(false);
  }
  // A page in the background lets go of its line: a browser has only six for one host.
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) { source?.close(); source = null; } else { listen(); }
  });

  // The clock runs on between two events.
  let shown = null, since = 0;
  function tick() {
    const now = one("[data-now]");
    if (!now) return;
    if (shown !== now.dataset.now) { shown = now.dataset.now; since = performance.now(); }
    if (one(".clock").dataset.frozen === "true") return;
    const at = new Date(Number(shown) + performance.now() - since);
    now.textContent = at.toISOString().slice(0, 19).replace("T", " ");
  }

  // A filter takes effect while it is typed, and is in the address.
  const later = (wait, what) => { let timer; return (...args) => { clearTimeout(timer); timer = setTimeout(() => what(...args), wait); }; };
  const narrow = later(200, (form) => {
    const query = new URLSearchParams();
    for (const [name, value] of new FormData(form)) if (value) query.set(name, value);
    history.replaceState(null, "", form.getAttribute("action") + "?" + query);
    refresh();
  });

  // The command for what is typed right now.
  const command = later(150, async (form) => {
    const answer = await fetch(form.dataset.curl, {method: "POST", body: new URLSearchParams(new FormData(form))});
    const shown = one(".curl code", form);
    if (answer.ok && shown) shown.textContent = await answer.text();
  });

  // The numbers beside a text, and the way from a fault to its line.
  function number(text) {
    const lines = text.value.split("\n").length, gutter = one(".gutter", text.parentElement), had = gutter.children.length;
    if (lines === had) return;
    text.rows = lines;
    if (lines < had) { gutter.replaceChildren(...[...gutter.children].slice(0, lines)); return; }
    const more = Array.from({length: lines - had}, (_, i) => Object.assign(document.createElement("li"), {textContent: had + i + 1}));
    gutter.append(...more);
  }
  function goTo(button) {
    const text = one(".editor textarea", button.closest("form")), line = Number(button.closest("li").dataset.line);
    const lines = text.value.split("\n"), from = lines.slice(0, line - 1).join("\n").length + (line > 1 ? 1 : 0);
    text.focus();
    text.setSelectionRange(from, from + (lines[line - 1]?.length ?? 0)); // the line may be gone meanwhile
    all(".gutter li", text.parentElement)[line - 1]?.scrollIntoView({block: "center"});
  }

  // While one types: what is wrong and where, and what can stand at the cursor. Ctrl and the space bar go there.
  const bytes = (text) => new TextEncoder().encode(text).length;
  const item = (remark, kind) => {
    const li = Object.assign(document.createElement("li"), {className: kind});
    li.dataset.line = remark.line;
    if (remark.line) li.append(Object.assign(document.createElement("button"), {type: "button", className: "goto", textContent: `line ${remark.line}, column ${remark.column}`}), " ");
    li.append(remark.words);
    return li;
  };
  const check = later(300, async (text) => {
    const form = text.form, was = text.value, at = text.selectionStart;
    const body = new URLSearchParams({back: form.elements.back.value, yaml: was, at: bytes(was.slice(0, at))});
    let looked;
    try {
      const answer = await fetch(text.dataset.check, {method: "POST", body});
      if (!answer.ok) return;
      looked = await answer.json();
    } catch { return; } // the next letter asks again
    if (text.value !== was || !text.isConnected) return;
    one(".remarks", form).replaceChildren(...looked.faults.map((f) => item(f, "wrong")), ...looked.warnings.map((w) => item(w, "quiet")));
    const faulty = new Set(looked.faults.map((f) => f.line));
    all(".gutter li", form).forEach((li, i) => li.classList.toggle("faulty", faulty.has(i + 1)));
    const chips = one(".completions", form);
    chips.hidden = looked.completions.length === 0 || !form.contains(document.activeElement); // nobody types yet
    chips.replaceChildren(...looked.completions.map((c) => {
      const chip = Object.assign(document.createElement("button"), {type: "button", className: "completion", textContent: c.text});
      Object.assign(chip.dataset, {adds: c.adds, typed: looked.typed, at});
      return chip;
    }));
    offered = was;
  });
  let offered = ""; // the text that the completions are for
  function complete(chip) {
    const text = one(".editor textarea", chip.form), at = Number(chip.dataset.at);
    text.focus();
    if (text.value !== offered || text.selectionStart !== at) { check(text); return; }
    text.setRangeText(chip.dataset.adds, at - Number(chip.dataset.typed), at, "end"); // what is replaced is plain ASCII
    text.dispatchEvent(new Event("input", {bubbles: true}));
  }

  // What is chosen in one field of a form bounds the numbers that another one offers.
  function bound(select) {
    const most = Number(select.selectedOptions[0]?.dataset.most) || Infinity, other = select.form.elements[select.dataset.of];
    for (const option of other.options) option.hidden = option.disabled = Number(option.value) > most;
    if (other.selectedOptions[0]?.disabled) other.value = other.options[0].value;
  }

  // An arrow of the diagram opens its exchange.
  function open() {
    const target = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (target && target.matches("details")) { target.open = true; target.scrollIntoView({block: "nearest"}); }
  }

  document.addEventListener("input", (event) => {
    const form = event.target.form;
    if (!form) return;
    if ("liveFilter" in form.dataset) narrow(form);
    if (event.target.dataset.of) bound(event.target);
    if (form.dataset.curl) command(form);
    if (event.target.matches(".editor textarea")) { number(event.target); check(event.target); }
  });
  document.addEventListener("change", (event) => { if (event.target.id === "merchant" && event.target.value) event.target.form.requestSubmit(); });
  // The chooser is empty while one types, so that the browser lists every merchant, not the one shown alone.
  document.addEventListener("focusin", (event) => { if (event.target.id === "merchant") { event.target.placeholder = event.target.dataset.shown; event.target.value = ""; } });
  document.addEventListener("focusout", (event) => { if (event.target.id === "merchant" && !event.target.value) event.target.value = event.target.dataset.shown; });
  document.addEventListener("submit", (event) => {
    if ("liveFilter" in event.target.dataset) { event.preventDefault(); narrow(event.target); }
  });
  document.addEventListener("click", (event) => {
    const chip = event.target.closest(".completion");
    if (chip) complete(chip);
    if (event.target.matches(".editor textarea")) check(event.target);
    const copy = event.target.closest(".copy"), goto = event.target.closest(".goto"), link = event.target.closest('a[href^="#"]');
    if (copy) {
      navigator.clipboard?.writeText(one("code", copy.parentElement).textContent).then(() => {
        copy.textContent = "Copied";
        setTimeout(() => { copy.textContent = "Copy"; }, 1500);
      });
    }
    if (goto) goTo(goto);
    if (link && link.getAttribute("href") === location.hash) open();
  });
  document.addEventListener("toggle", (event) => {
    const copy = event.target.matches?.(".curl") && one(".copy", event.target);
    if (copy) copy.hidden = !navigator.clipboard;
  }, true);
  addEventListener("hashchange", open);

  // Keys, while nobody types: / searches, j and k move, ? lists them.
  function move(step) {
    const rows = [...all(".entry > summary, [data-testid=checkout-link], [data-testid=payment-link]")].filter((e) => e.offsetParent);
    const at = rows.findIndex((e) => e === document.activeElement);
    const row = rows[at < 0 ? (step > 0 ? 0 : rows.length - 1) : Math.min(rows.length - 1, Math.max(0, at + step))];
    row?.focus();
    row?.scrollIntoView({block: "nearest"});
  }
  document.addEventListener("keyup", (event) => {
    if (/^(Arrow|Home|End|Page)/.test(event.key) && event.target.matches(".editor textarea")) check(event.target);
  });
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey && event.key === " " && event.target.matches(".editor textarea")) { event.preventDefault(); one(".completion", event.target.form)?.focus(); }
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, textarea, select, [contenteditable], dialog")) return;
    const does = {
      "/": () => (one("#search") || one("input[type=search]"))?.focus(), "j": () => move(1), "k": () => move(-1), "?": () => one("#keys").showModal(),
    }[event.key];
    if (does) { event.preventDefault(); does(); }
  });

  // A form that comes back after its action has a text that was not looked at yet.
  document.addEventListener("htmx:after:swap", (event) => {
    if (event.detail?.ctx?.target?.id !== "live") all(".editor textarea").forEach((text) => check(text));
  });

  tick();
  setInterval(tick, 1000);
  all(".editor textarea").forEach((text) => check(text));
  all("select[data-of]").forEach(bound); // a browser that goes back keeps what was chosen
  open();
  if (!document.hidden) listen();
  // Nobody tells of the changes of all merchants: the page asks.
  if (document.body.dataset.page === "merchants") setInterval(() => { if (!document.hidden) refresh(); }, 3000);
})();
