/** What a metric is; its name is its key below. */
interface Definition {
  readonly type: 'counter' | 'gauge' | 'histogram';
  readonly help: string;
  readonly labels?: readonly string[];
  readonly buckets?: readonly number[];
}

/** Seconds, from a local network's to a fraud-proof window's. */
const DELIVERY_BUCKETS = [0.25, 0.5, 1, 2, 5, 10, 30, 60, 300, 900, 3600, 21_600, 86_400, 604_800];
const RPC_BUCKETS = [0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20];
const DEPTH_BUCKETS = [1, 2, 3, 5, 8, 13, 21, 34, 64];

const SIGNER = ['chain', 'signer'] as const;
const SPENT = ['chain', 'signer', 'purpose'] as const;

/**
 * Every metric of the node, beside what Node says of its process. Units are base units; wei are floating-point numbers, exact to
 * about 15 digits. `route` is a direction of the lane, such as `901 -> 900`; `chain` a chain id.
 */
export const METRICS = {
  xdm_messages: {
    type: 'gauge',
    help: 'Messages by where they stand: sent, proven, submitted, relayed, failed; orphaned are those whose block was dropped',
    labels: ['route', 'stage'],
  },
  xdm_messages_parked: {
    type: 'gauge',
    help: 'Unfinished messages that are set aside, by the reason; they are tried again',
    labels: ['route', 'reason'],
  },
  xdm_messages_ready: {
    type: 'gauge',
    help: 'Messages that the destination takes now, that are in no transaction yet and that are not set aside',
    labels: ['route'],
  },
  xdm_oldest_pending_age_seconds: {
    type: 'gauge',
    help: 'Time since the oldest unfinished message was read; 0 where all are finished',
    labels: ['route'],
  },
  xdm_oldest_ready_age_seconds: {
    type: 'gauge',
    help: 'Time since the oldest of them could be delivered; 0 where there is none',
    labels: ['route'],
  },
  xdm_route_paused: {
    type: 'gauge',
    help: 'Whether the guardian has paused relaying: 1 while it has, else 0; asked for every 15 seconds at most',
    labels: ['route'],
  },
  xdm_deliveries_total: {
    type: 'counter',
    help: 'Deliveries that became final: relayed, or failed where the target refused',
    labels: ['route', 'outcome'],
  },
  xdm_delivery_seconds: {
    type: 'histogram',
    help: 'Time from when a message was read to when its delivery was final',
    labels: ['route'],
    buckets: DELIVERY_BUCKETS,
  },
  xdm_delivery_after_ready_seconds: {
    type: 'histogram',
    help: 'Time from when the destination would take a message, its fraud-proof window over, to when its delivery was final',
    labels: ['route'],
    buckets: DELIVERY_BUCKETS,
  },
  xdm_queue_waiting_elements: {
    type: 'gauge',
    help: "Elements of L1's queue in final blocks that are not executed on L2, where this node executes them",
    labels: ['route'],
  },
  xdm_queue_oldest_age_seconds: {
    type: 'gauge',
    help: 'Time since the first of them was read; 0 where none waits',
    labels: ['route'],
  },
  xdm_batches_checked_total: {
    type: 'counter',
    help: 'State batches that were compared with our own L2 node, by whether they agree with it',
    labels: ['agrees'],
  },
  xdm_batches_challenged_total: { type: 'counter', help: 'Transactions sent that delete a false state batch' },
  xdm_deposits_matched_total: {
    type: 'counter',
    help: "Deposits on L2 that were found to be the queue's next elements",
  },
  xdm_state_batch_timestamp_seconds: {
    type: 'gauge',
    help: 'When the newest state batch was committed, Unix time of L1',
    labels: ['route'],
  },
  xdm_chain_head_block: { type: 'gauge', help: 'Newest block that the endpoint has told', labels: ['chain'] },
  xdm_chain_cursor_block: { type: 'gauge', help: 'Last block that was read', labels: ['chain'] },
  xdm_chain_cursor_timestamp_seconds: {
    type: 'gauge',
    help: 'Unix time of the last block that was read',
    labels: ['chain'],
  },
  xdm_chain_final_block: {
    type: 'gauge',
    help: 'Last block that was read and that cannot be dropped',
    labels: ['chain'],
  },
  xdm_chain_silence_seconds: {
    type: 'gauge',
    help: 'Time since the chain was read last without an error',
    labels: ['chain'],
  },
  xdm_reorganisations_total: {
    type: 'counter',
    help: 'Reorganisations that have dropped blocks which were read',
    labels: ['chain'],
  },
  xdm_reorganisation_depth_blocks: {
    type: 'histogram',
    help: 'Blocks that reorganisations have dropped',
    labels: ['chain'],
    buckets: DEPTH_BUCKETS,
  },
  xdm_audit_gaps_total: {
    type: 'counter',
    help: 'Times that an endpoint was found to have left out logs',
    labels: ['chain'],
  },
  xdm_rpc_requests_total: {
    type: 'counter',
    help: 'Requests by what came of them, also to sources of light clients; the endpoint is shown without credentials',
    labels: ['chain', 'endpoint', 'method', 'outcome'],
  },
  xdm_rpc_request_seconds: {
    type: 'histogram',
    help: 'Time that requests took',
    labels: ['chain', 'endpoint', 'method'],
    buckets: RPC_BUCKETS,
  },
  xdm_rpc_failovers_total: {
    type: 'counter',
    help: 'Times that requests went to another endpoint',
    labels: ['chain', 'from', 'to'],
  },
  xdm_rpc_lags_total: {
    type: 'counter',
    help: 'Times that an endpoint answered from behind its own earlier answer',
    labels: ['chain', 'endpoint'],
  },
  xdm_rpc_endpoints_dropped_total: {
    type: 'counter',
    help: 'Endpoints that turned out to be of another chain',
    labels: ['chain', 'endpoint'],
  },
  xdm_finality_disputes_total: {
    type: 'counter',
    help: 'Times that two endpoints had different final blocks: nothing becomes final meanwhile',
    labels: ['chain'],
  },
  xdm_light_client_head_block: {
    type: 'gauge',
    help: 'Newest block of another chain that the light client on a chain knows, where this node keeps it in sync',
    labels: ['chain', 'of'],
  },
  xdm_light_client_expires_seconds: {
    type: 'gauge',
    help: 'Time for which it is trusted yet unless it is updated; below 0 once it is not; missing where that does not end',
    labels: ['chain', 'of'],
  },
  xdm_light_client_updates_total: { type: 'counter', help: 'Updates of it that were sent', labels: ['chain', 'of'] },
  xdm_transactions_total: {
    type: 'counter',
    help: 'Transactions of ours that are final: mined, or reverted',
    labels: [...SPENT, 'outcome'],
  },
  xdm_gas_used_total: { type: 'counter', help: 'Gas that they used', labels: SPENT },
  xdm_spent_wei_total: { type: 'counter', help: 'Wei that they cost', labels: SPENT },
  xdm_transactions_replaced_total: {
    type: 'counter',
    help: 'Transactions signed anew with higher fees',
    labels: SIGNER,
  },
  xdm_transactions_given_up_total: {
    type: 'counter',
    help: 'Transactions that a node took in no case',
    labels: SIGNER,
  },
  xdm_broadcasts_refused_total: {
    type: 'counter',
    help: 'Times that a node did not take a transaction, by why',
    labels: [...SIGNER, 'code'],
  },
  xdm_fee_cap_hits_total: {
    type: 'counter',
    help: 'Times that the chain asked for more than maxFeePerGas',
    labels: SIGNER,
  },
  xdm_spending_limit_hits_total: {
    type: 'counter',
    help: 'Times that maxSpendPerDay held something up',
    labels: SIGNER,
  },
  xdm_signer_balance_wei: {
    type: 'gauge',
    help: "A signer's balance, asked for every 15 seconds at most",
    labels: SIGNER,
  },
  xdm_signer_spent_today_wei: {
    type: 'gauge',
    help: 'Wei that a signer has paid since midnight UTC, for transactions that are final',
    labels: SIGNER,
  },
  xdm_signer_spending_limit_wei: { type: 'gauge', help: 'maxSpendPerDay; missing where there is none', labels: SIGNER },
  xdm_signer_pending_transactions: { type: 'gauge', help: 'Transactions that are not mined', labels: SPENT },
  xdm_signer_pending_age_seconds: {
    type: 'gauge',
    help: 'Time since the oldest of them was signed first; 0 without any',
    labels: SPENT,
  },
  xdm_alarms: {
    type: 'gauge',
    help: 'Alarms that last; those that halt have the lane stand still, or what goes from and to one of its chains',
    labels: ['kind', 'halts'],
  },
  xdm_alarms_raised_total: { type: 'counter', help: 'Alarms that were raised', labels: ['kind'] },
  xdm_stage_passes_total: { type: 'counter', help: "Passes of the pipeline's stages", labels: ['stage', 'outcome'] },
  xdm_stage_rows_total: { type: 'counter', help: 'Rows that they moved', labels: ['stage'] },
  xdm_stage_seconds_total: { type: 'counter', help: 'Time that passes took which ended well', labels: ['stage'] },
  xdm_stage_failing_seconds: {
    type: 'gauge',
    help: 'Since when the passes of a stage fail; 0 while they do not',
    labels: ['stage'],
  },
  xdm_ready: { type: 'gauge', help: '1 while /readyz is green, else 0' },
  xdm_check: { type: 'gauge', help: '1 while a check of /readyz is green, else 0', labels: ['check'] },
  xdm_active: { type: 'gauge', help: '1 where this process works on the lane, 0 where it stands by' },
  xdm_leases_total: {
    type: 'counter',
    help: 'Times that this process began to act for the lane, gave that back, or lost it to another one',
    labels: ['event'],
  },
  xdm_store_bytes: { type: 'gauge', help: 'Size of the store' },
  xdm_scrape_seconds: { type: 'gauge', help: 'Time that reading the store for these metrics took' },
} as const satisfies Readonly<Record<string, Definition>>;

export type MetricName = keyof typeof METRICS;
