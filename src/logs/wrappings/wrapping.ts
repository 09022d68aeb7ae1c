// What a transport puts around a broker's line: peeled off before a format looks at the line.

export interface Peeled {
  /** The line as the broker wrote it. */
  readonly rest: string;
  /** Whose line it is, as the transport says; '' where it does not. Lines of several sources never form one record. */
  readonly source: string;
  /** The line goes on in the next one of this source. */
  readonly partial?: true;
  /** Of a syslog: what RabbitMQ's own prefix does not say where there is none. */
  readonly log?: { readonly program: string; readonly time: string; readonly level: string };
}

export interface Wrapping {
  /** 'compose' */
  readonly id: string;
  /** As the user knows it: 'docker compose'. */
  readonly title: string;
  /** Undefined where the line is not wrapped so. `line` is without colours. */
  peel(line: string): Peeled | undefined;
}
