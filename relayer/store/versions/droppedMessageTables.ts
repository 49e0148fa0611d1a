/** What came with the store's tenth version: messages that were dropped are few, and looked for whenever others are recorded. */
export function droppedMessageTables(): string[] {
  return [`create index "messagesDropped" on "messages" ("routeId") where "orphaned" = 1`];
}
