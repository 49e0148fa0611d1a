/** What came of a call of an endpoint. */
export type CallOutcome =
  /** It answered with a result. */
  | 'ok'
  /** It answered, and would not: a revert, an unknown method, a key that is not valid. */
  | 'refused'
  /** Silence, a broken connection, or a server's error. */
  | 'unreachable'
  /** It asks for fewer requests. */
  | 'rate-limited'
  /** It answered, and not as JSON-RPC does. */
  | 'malformed';

/** A call of an endpoint. */
export interface Call {
  readonly chainId: number;
  /** Without credentials. */
  readonly endpoint: string;
  readonly method: string;
  readonly outcome: CallOutcome;
  readonly milliseconds: number;
}

/** Requests go to another endpoint than those before. */
export interface Failover {
  readonly chainId: number;
  /** Without credentials; `to` likewise. */
  readonly from: string;
  readonly to: string;
  /** What came of the last call of `from`, if that is why; undefined where `to` is back, and preferred. */
  readonly outcome: CallOutcome | undefined;
}

/** An endpoint answers from behind its own earlier answer. */
export interface Lag {
  readonly chainId: number;
  /** Without credentials. */
  readonly endpoint: string;
  /** The block that it ends with, or has no more. */
  readonly block: number;
  /** The newest block that it had. */
  readonly earlier: number;
}

/** Two endpoints have different blocks where both say that it is final. */
export interface FinalityDispute {
  readonly chainId: number;
  readonly block: number;
  /** What each says, by endpoint without credentials. */
  readonly hashes: Readonly<Record<string, string>>;
}

/** An endpoint that turned out to be of another chain is asked no more. */
export interface DroppedEndpoint {
  /** The chain it should be of. */
  readonly chainId: number;
  /** Without credentials. */
  readonly endpoint: string;
  readonly actualChainId: number;
}

/** A chain none of whose endpoints has answered when the first was asked. */
interface SilentStart {
  readonly chainId: number;
  /** For people. */
  readonly reason: string;
}

/** Told what happens to calls of endpoints. What it does must be short, and throw nothing. */
export interface EndpointObserver {
  readonly onCall?: (call: Call) => void;
  readonly onFailover?: (failover: Failover) => void;
  readonly onLag?: (lag: Lag) => void;
  readonly onDispute?: (dispute: FinalityDispute) => void;
  readonly onDrop?: (dropped: DroppedEndpoint) => void;
  readonly onSilentStart?: (chain: SilentStart) => void;
}
