/** What a server in a thread of its own is sent. */
export type ToThread<Options, Told, Reply> =
  | { readonly type: "start"; readonly options: Options }
  | { readonly type: "tell"; readonly told: Told }
  | { readonly type: "reply"; readonly id: number; readonly reply: Reply }
  | { readonly type: "refuse"; readonly id: number; readonly problem: string }
  | { readonly type: "end" };

/** What it sends. */
export type FromThread<Question> =
  | { readonly type: "started"; readonly url: string }
  | { readonly type: "failed"; readonly problem: string }
  | { readonly type: "ask"; readonly id: number; readonly question: Question }
  | { readonly type: "ended" };

/** A server, wherever it runs. Disposing it ends it. */
export interface RunningServer extends AsyncDisposable {
  /** Its address. */
  readonly url: string;
}
