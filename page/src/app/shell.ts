/** The page around its sections: title, language, tabs, how the engine is, errors, and the link. */

import type { Engine, EngineError, Language, Load, SelfCheck, Statistics, Text } from "../engine/contract.js";
import { TEXTS } from "../texts/index.js";
import type { App, Mounted, Reads, Section } from "./app.js";
import { h, newId, tell } from "./dom.js";
import { formatOf } from "./format.js";
import { readLink, writeLink, type Link } from "./link.js";

const LANGUAGES: readonly Language[] = ["nl", "en"];
/** Milliseconds for which no more is written in the address: browsers allow some changes per second only. */
const CALM = 300;

export interface Page {
  readonly load: Load;
  readonly statistics: Statistics;
  readonly sections: readonly Section[];
}

function isEngineError(error: unknown): error is EngineError {
  return error instanceof Error && "kind" in error && "text" in error;
}

/**
 * Fill the document with the page, in the language of the document unless the link says otherwise, and start the engine.
 * What the document says to a browser that cannot do that stays if it cannot.
 */
export async function start(page: Page): Promise<void> {
  const shell = new Shell(page);
  shell.draw();
  document.getElementById("bresim-start")?.replaceWith(shell.root);
  await shell.begin();
}

class Shell {
  private engine: Engine | null = null;
  private failure: Text | null = null;
  private check: SelfCheck | null = null;
  private notice: Link["notice"] = null;
  /** Names of values of the link that cannot be taken. */
  private unread: readonly string[] = [];
  private lang: Language = document.documentElement.lang === "en" ? "en" : "nl";
  private values = new Map<string, string>();
  private readonly kept = new Map<string, unknown>();
  private mounted: Mounted | null = null;
  private writing: ReturnType<typeof setTimeout> | null = null;
  private written = "";
  private readonly errors = h("div", { class: "errors", role: "alert" });
  private readonly status = h("p", { class: "status", role: "status" });
  /** Beside what the page carries: the model in its script elements stays. */
  readonly root = h("div", { class: "page" });
  private readonly main = h("main", { id: "content", tabindex: -1 });

  constructor(private readonly page: Page) {
    this.read(location.hash);
    addEventListener("hashchange", () => {
      if (location.hash === this.written) return;
      this.read(location.hash);
      this.draw();
    });
  }

  private get t(): typeof TEXTS.nl {
    return TEXTS[this.lang];
  }

  /** Take a link; without an engine its model cannot be compared yet. */
  private read(hash: string): void {
    const link = readLink(hash, this.engine?.catalogue.digest ?? new URLSearchParams(hash.slice(1)).get("m") ?? "");
    this.values = new Map(link.values);
    this.notice = link.notice;
    const lang = LANGUAGES.find((one) => one === link.values.get("lang"));
    if (lang !== undefined) this.lang = lang;
    this.keepReadable();
  }

  /** Leave out what no section can take, once the model is there that says what there is. */
  private keepReadable(): void {
    const { engine, page: { sections }, values } = this;
    if (engine === null) return;
    const own: Reads = { lang: (text) => LANGUAGES.some((one) => one === text), at: (text) => sections.some((one) => one.name === text) };
    const reads: Reads = Object.assign({}, own, ...sections.map((one) => one.reads?.(engine.catalogue)));
    this.unread = [...values].filter(([name, text]) => Object.hasOwn(reads, name) && reads[name]?.(text) === false).map(([name]) => name);
    for (const name of this.unread) values.delete(name);
  }

  async begin(): Promise<void> {
    try {
      this.engine = await this.page.load();
      if (this.notice === null) this.notice = readLink(location.hash, this.engine.catalogue.digest).notice;
      this.keepReadable();
    } catch (error) {
      this.failure = isEngineError(error) ? error.text : { nl: TEXTS.nl.shell.failed, en: TEXTS.en.shell.failed };
      if (!isEngineError(error)) console.error(error);
    }
    this.draw();
    try {
      this.check = (await this.engine?.check) ?? null;
      this.sayStatus();
    } catch (error) {
      this.complain(isEngineError(error) ? error.text[this.lang] : this.t.shell.failed);
    }
  }

  /** The whole page in its language. */
  draw(): void {
    const t = this.t.shell;
    this.mounted?.unmount();
    this.mounted = null;
    document.documentElement.lang = this.lang;
    document.title = t.title;
    this.errors.replaceChildren();
    this.main.replaceChildren();
    this.root.replaceChildren(
      h("a", { class: "skip", href: "#content", click: (event: Event) => { event.preventDefault(); this.main.focus(); } }, t.skip),
      h("header", {}, h("div", { class: "top" }, this.languages(), ...this.tabs()), h("h1", {}, t.title), h("p", { class: "sub" }, t.subtitle)),
      this.errors, this.main, this.footer());
    this.sayStatus();
    if (this.notice !== null) this.complain({ broken: t.linkBroken, form: t.linkForm, model: t.linkModel }[this.notice]);
    if (this.unread.length > 0) this.complain(t.linkPart(formatOf(this.lang).list(this.unread)));
    if (this.failure !== null) this.complain(this.failure[this.lang]);
    this.mountSection();
  }

  private languages(): HTMLElement {
    return h("div", { class: "languages", role: "group", "aria-label": this.t.shell.language }, ...LANGUAGES.map((one) =>
      h("button", { type: "button", lang: one, "aria-pressed": String(one === this.lang), click: () => this.speak(one) }, one === "nl" ? "Nederlands" : "English")));
  }

  private speak(lang: Language): void {
    this.lang = lang;
    this.change("lang", lang);
    this.draw();
    document.querySelector<HTMLElement>(`.languages [lang=${lang}]`)?.focus();
  }

  private section(): Section | undefined {
    return this.page.sections.find((one) => one.name === this.values.get("at")) ?? this.page.sections[0];
  }

  /** Tabs, where there is more than one section. */
  private tabs(): HTMLElement[] {
    if (this.page.sections.length < 2) return [];
    const now = this.section();
    return [h("nav", { class: "tabs", "aria-label": this.t.shell.sections }, ...this.page.sections.map((one) =>
      h("button", { type: "button", "aria-current": one === now ? "page" : null, click: () => { this.change("at", one.name); this.draw(); this.main.focus(); } }, one.title(this.t))))];
  }

  private footer(): HTMLElement {
    const t = this.t.shell, told = h("span", { role: "status" });
    const copy = (): void => {
      this.flush();
      const write = navigator.clipboard?.writeText(location.href) ?? Promise.reject(new Error("no clipboard"));
      write.then(() => tell(told, t.copied), () => tell(told, t.notCopied));
    };
    return h("footer", {}, this.status, h("p", {}, h("button", { type: "button", click: copy }, t.copy), " ", told),
      ...(this.engine ? [h("p", { class: "note" }, t.foot(this.engine.catalogue.version))] : []));
  }

  private sayStatus(): void {
    const t = this.t.shell, f = formatOf(this.lang);
    this.status.className = "status";
    if (this.engine === null) return tell(this.status, this.failure === null ? t.loading : t.noModel);
    const { check } = this;
    if (check === null) return tell(this.status, t.checking);
    this.status.dataset["same"] = String(check.same);
    if (!check.same) this.status.className = "status differs";
    tell(this.status, check.same ? t.same(f.number(check.compared)) : t.differs(f.number(check.different), f.number(check.compared)));
  }

  /** One clear sentence, which the visitor can close; `again` where the part of the page can be begun anew. */
  private complain(sentence: string, again = false): void {
    const act = (text: string, click: () => void): HTMLElement => h("button", { type: "button", click }, text);
    const line: HTMLElement = h("p", { id: newId("error") }, sentence, " ",
      ...(again ? [act(this.t.shell.again, () => { this.draw(); this.main.focus(); }), " "] : []), act(this.t.shell.close, () => line.remove()));
    const same = [...this.errors.children].find((one) => one.firstChild?.textContent === sentence); // every part of a job says so
    if (same !== undefined && !again) return;
    same?.remove();
    this.errors.append(line);
  }

  private change(name: string, value: string | null): void {
    if (value === null) this.values.delete(name);
    else this.values.set(name, value);
    this.writing ??= setTimeout(() => this.flush(), CALM);
  }

  private flush(): void {
    if (this.writing !== null) clearTimeout(this.writing);
    this.writing = null;
    this.written = writeLink(this.values, this.engine?.catalogue.digest ?? "");
    history.replaceState(null, "", this.written);
  }

  private mountSection(): void {
    const section = this.section();
    if (section === undefined) return;
    if (this.engine === null) {
      if (this.failure === null) this.main.append(h("p", { class: "lead" }, this.t.shell.loading));
      return;
    }
    const root = h("div", { class: `section ${section.name}` });
    this.main.append(root);
    this.mounted = section.mount(root, this.app(this.engine));
  }

  private app(engine: Engine): App {
    const { lang, kept } = this;
    return {
      engine, statistics: this.page.statistics, lang, t: TEXTS[lang], f: formatOf(lang),
      say: (text) => text[lang],
      get: (name) => this.values.get(name) ?? null,
      set: (name, value) => this.change(name, value === null ? null : String(value)),
      keep<T>(name: string, make: () => T): T {
        if (!kept.has(name)) kept.set(name, make());
        return kept.get(name) as T;
      },
      guard: async (work) => {
        try {
          return await work();
        } catch (error) {
          if (error instanceof DOMException && error.name === "AbortError") return undefined;
          if (!isEngineError(error)) console.error(error);
          this.complain(isEngineError(error) ? error.text[lang] : TEXTS[lang].shell.failed, isEngineError(error) && ["worker", "memory"].includes(error.kind));
          return undefined;
        }
      },
    };
  }
}
