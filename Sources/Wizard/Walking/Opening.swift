/// The page that a wizard opens on, if nothing is wrong with the answers that it was given.
public enum Opening: Sendable {
    /// What there is to do.
    case start
    /// The first page of the verb.
    case verb
    /// How the installation fares, again and again.
    case status

    var place: Place {
        switch self {
        case .start: .start
        case .verb: .checks
        case .status: .status
        }
    }
}
