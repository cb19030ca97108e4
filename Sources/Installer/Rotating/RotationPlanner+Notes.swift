import MutualTLS

extension RotationPlanner {
    /// What the user should know before agreeing.
    var notes: [String] {
        if let waiting {
            return ["A rotation that was interrupted is gone on with."] + handing(waiting.order.change)
        }
        guard let first = rounds.first else { return [idle] }
        switch first {
        case .leaves, .retire, .replace: return handing(first)
        case .introduce where rounds.count > 1:
            return [
                "Nobody but this machine is known to have certificates, so the former authority is dropped at once."
            ]
        case .introduce:
            return [
                "The former authority stays trusted; once every client has new certificates, drop it: "
                    + "buildkit-installer rotate --finish"
            ] + handing(first)
        case .inner: return ["BuildKit restarts. Builds that run end first; new ones wait until it is back."]
        }
    }

    private var idle: String {
        switch answers.renew {
        case .certificates: return "Nothing ends within \(answers.ifDue ?? 0) days."
        case .finish where !facts.isInTransition: return "There is no former authority."
        case .finish, .authority, .inner:
            return "The former authority stays trusted: \(facts.stragglers.inWords). "
                + "Drop it all the same: buildkit-installer rotate --finish --force"
        }
    }

    /// Whose new files have to be handed over.
    private func handing(_ change: RenewalOrder.Change) -> [String] {
        let names = (facts.clients.value ?? [:]).keys.sorted()
        guard !names.isEmpty, change != .inner, change != .retire else { return [] }
        let folder = "\(paths.outer.path)/clients"
        return [
            "New files for \(names.inWords) go to \(folder); hand them over"
                + (change == .leaves ? ". The former ones work until they end." : ".")
        ]
    }
}
