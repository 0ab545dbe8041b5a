// Where people type: plain words, or a command whose fields become a small form.

import { make, once } from "/dom.js";

const INTEGER = 4, BOOLEAN = 5, USER = 6, CHANNEL = 7, NUMBER = 10;

export class Composer {
  constructor(form, tools) {
    this.form = form;
    this.tools = tools;
    this.state = { commands: [], people: [], places: [], channel: "" };
    this.command = null;
    this.picked = 0;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.submit();
    });
    this.plain();
  }

  update(state) {
    const moved = state.channel !== this.state.channel || state.viewer !== this.state.viewer;
    const others = JSON.stringify(state.commands) !== JSON.stringify(this.state.commands);
    this.state = state;
    if (moved && this.command && !state.commands.some((each) => each.name === this.command.name)) this.plain();
    if (this.input) this.input.placeholder = state.commands.length
      ? "Message, or / for a command" : "The app offers no commands here";
    if (others && this.input?.value.startsWith("/")) this.typed(); // begun before it was known what there is
  }

  // -- plain words and the list of commands

  plain(words = "") {
    this.command = null;
    this.list = make("ul", { id: "offers", role: "listbox", hidden: true, "aria-label": "Commands" });
    this.input = make("input", {
      type: "text", value: words, "aria-label": "Message", role: "combobox", "aria-expanded": "false",
      "aria-controls": "offers", "aria-autocomplete": "list", maxLength: 2000, enterKeyHint: "send",
    });
    this.input.addEventListener("input", () => this.typed());
    this.input.addEventListener("keydown", (event) => this.key(event));
    this.form.replaceChildren(this.list, make("div", { class: "line" }, this.input, make("button", { class: "go" }, "Send")));
    this.update(this.state);
  }

  typed() {
    const text = this.input.value;
    const whole = this.offers(text).find((each) => text.startsWith(`/${each.name} `));
    if (whole) {
      this.begin(whole, text.slice(whole.name.length + 2));
      return;
    }
    this.picked = 0;
    this.offer();
  }

  offers(text) {
    if (!text.startsWith("/")) return [];
    const typed = text.slice(1).toLowerCase();
    return this.state.commands
      .filter((each) => each.name.startsWith(typed) || typed.startsWith(`${each.name} `))
      .sort((one, other) => other.name.length - one.name.length || one.name.localeCompare(other.name));
  }

  offer() {
    const found = this.offers(this.input.value).sort((one, other) => one.name.localeCompare(other.name));
    this.list.hidden = !found.length;
    this.input.setAttribute("aria-expanded", String(Boolean(found.length)));
    this.list.replaceChildren(...found.map((each, n) =>
      make("li", { id: `offer-${n}`, role: "option", "aria-selected": String(n === this.picked), onclick: () => this.begin(each) },
        make("b", {}, `/${each.name}`), make("span", { class: "fine" }, each.says))));
    if (found.length) this.input.setAttribute("aria-activedescendant", `offer-${this.picked}`);
    else this.input.removeAttribute("aria-activedescendant");
    return found;
  }

  key(event) {
    if (this.list.hidden || event.isComposing || event.keyCode === 229) return; // an input method's own keys
    const found = this.offers(this.input.value).sort((one, other) => one.name.localeCompare(other.name));
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      this.picked = (this.picked + (event.key === "ArrowDown" ? 1 : found.length - 1)) % found.length;
      this.offer();
    } else if (event.key === "Enter" || event.key === "Tab") {
      this.begin(found[this.picked]);
    } else if (event.key === "Escape") {
      this.list.hidden = true;
      this.input.setAttribute("aria-expanded", "false");
      return;
    } else return;
    event.preventDefault();
  }

  // -- a command

  begin(command, words = "") {
    this.command = command;
    this.input = null;
    this.fields = new Map();
    this.grid = make("div", { class: "fields" });
    this.more = make("div", { class: "more" });
    this.fault = make("p", { class: "wrong", role: "alert" });
    const leave = make("button", { type: "button", class: "icon", "aria-label": "Leave the command", onclick: () => { this.plain(); this.input.focus(); } }, "✕");
    this.form.replaceChildren(
      make("div", { class: "command" },
        make("p", { class: "name" }, make("b", {}, `/${command.name}`), make("span", { class: "fine" }, command.says), leave),
        this.grid, this.fault, make("div", { class: "ends" }, this.more, make("button", { class: "go" }, "Send"))),
    );
    for (const option of command.options) {
      if (option.required) this.field(option);
      else this.more.append(make("button", { type: "button", class: "chip", onclick: (event) => { event.target.remove(); this.field(option).focus(); } }, `+ ${option.name}`));
    }
    const first = this.fields.values().next().value;
    if (first && words) first.value = words;
    (first ?? this.form.querySelector(".go")).focus();
    this.form.onkeydown = (event) => { if (event.key === "Escape" && this.command) leave.click(); };
  }

  field(option) {
    const made = this.control(option);
    this.fields.set(option.name, made);
    made.dataset.type = option.type;
    const name = make("span", {}, option.name, option.required && make("span", { class: "must", title: "needed" }, " *"));
    this.grid.append(make("label", { class: option.type === 3 && !option.choices ? "wide" : "" }, name, made, made.words ?? null, make("span", { class: "fine" }, option.description)));
    return made;
  }

  control(option) {
    const pick = (pairs) => make("select", {}, (option.required ? [] : [["", "–"]]).concat(pairs).map(([value, words]) => make("option", { value }, words)));
    if (option.choices?.length) return pick(option.choices.map((each) => [String(each.value), each.name]));
    if (option.type === BOOLEAN) return pick([["true", "yes"], ["false", "no"]]);
    if (option.type === USER) return pick(this.state.people.map((each) => [each.id, each.name]));
    if (option.type === CHANNEL) {
      return pick(this.state.places.filter((each) => each.server?.has_app).map((each) => [each.id, `# ${each.name}`]));
    }
    if (option.type === INTEGER || option.type === NUMBER) {
      return make("input", {
        type: "number", step: option.type === INTEGER ? "1" : "any", min: option.min_value, max: option.max_value,
      });
    }
    const made = make("input", { type: "text", maxLength: option.max_length ?? 2000, enterKeyHint: "send" });
    if (option.autocomplete) {
      made.words = make("datalist", { id: `words-${option.name}` });
      made.setAttribute("list", made.words.id);
      let later;
      made.addEventListener("input", () => {
        clearTimeout(later);
        later = setTimeout(() => this.suggest(option, made), 250);
      });
    }
    return made;
  }

  async suggest(option, made) {
    if (!made.isConnected || !made.value) return;
    const told = await this.tools.suggest(this.command.name, { ...this.values(), [option.name]: made.value }, option.name);
    made.words.replaceChildren(...(told.choices ?? []).map((value) => make("option", { value })));
  }

  values() {
    const values = {};
    for (const [name, made] of this.fields) {
      if (made.value === "") continue;
      const type = Number(made.dataset.type);
      values[name] = type === INTEGER || type === NUMBER ? Number(made.value) : type === BOOLEAN ? made.value === "true" : made.value;
    }
    return values;
  }

  async submit() {
    await this.tools.known(); // what was typed before it was known what there is may be a command all the same
    if (!this.command) {
      const words = this.input.value.trim();
      if (!words) return;
      const bare = this.state.commands.find((each) => `/${each.name}` === words);
      if (bare) this.begin(bare);
      else await once(this.input, () => this.say(words));
      this.input?.focus();
      return;
    }
    const missing = this.command.options.find((each) => each.required && !this.fields.get(each.name)?.value.trim());
    if (missing) {
      this.fault.textContent = `Fill in “${missing.name}” first.`;
      this.fields.get(missing.name).focus();
      return;
    }
    const { command } = this, values = this.values();
    this.plain();
    this.input.focus();
    const told = await this.tools.command(command.name, values);
    if (!told.ok && this.input?.value === "") this.restore(command, values);
  }

  async say(words) {
    const { input } = this;
    if (await this.tools.say(words) && this.input === input && input.value.trim() === words) this.plain();
  }

  // What did not get through is there again, to be sent once more.
  restore(command, values) {
    this.begin(command);
    for (const option of command.options) {
      if (!(option.name in values)) continue;
      const more = [...this.more.children].find((each) => each.textContent === `+ ${option.name}`);
      more?.click();
      this.fields.get(option.name).value = String(values[option.name]);
    }
    this.form.querySelector(".go").focus();
  }
}
