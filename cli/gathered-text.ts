/** Small texts, gathered before they are written: a system call for each would cost more than to make it. */

/** Characters. */
const enough = 1 << 16;

export class GatheredText {
  #text = '';

  constructor(private readonly out: (text: string) => void) {}

  write(text: string): void {
    this.#text += text;
    if (this.#text.length >= enough) this.flush();
  }

  flush(): void {
    const text = this.#text;
    this.#text = '';
    if (text !== '') this.out(text);
  }
}
