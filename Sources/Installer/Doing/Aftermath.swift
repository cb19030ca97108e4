/// What becomes of the work of a run that the user stopped.
public enum Aftermath: Sendable {
    /// Take back what was done.
    case undo
    /// Leave it; a later run goes on from there.
    case keep
}
