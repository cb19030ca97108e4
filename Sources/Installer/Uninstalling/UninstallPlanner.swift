/// Works out an uninstall step by step. No step can be taken back: a run that failed is begun again, and does what
/// is left.
struct UninstallPlanner {
    let answers: Answers
    let facts: Facts
    let site: Site
    let places: Places
    let holdings: [Holding]

    init(_ answers: Answers, _ facts: Facts, places: Places) {
        self.answers = answers
        self.facts = facts
        self.places = places
        site = answers.site(facts)
        holdings = facts.holdings(answers)
    }

    var steps: [Step] { inCluster + onThisMachine }

    /// What stays and why, and what the user should know before agreeing.
    var notes: [String] {
        var notes: [String] = []
        if facts.server.failure != nil {
            notes.append(
                "The cluster does not answer: only what is on this machine goes. What is in the cluster stays."
            )
        }
        notes += holdings.filter { !$0.goes }.map { holding in
            let part = holding.part.inWords
            guard let reason = holding.keptBecause, answers.remove.contains(holding.part) else {
                return "Stays: \(part) (\(holding.what))."
            }
            return "Stays: \(part) (\(holding.what)), because \(reason)."
        }
        if isTerminating {
            notes.append(
                "The namespace \(site.namespace) is being deleted, and takes along all that is in it.")
        } else if holdings[.release] != nil, holdings[.builder] == nil {
            notes.append(
                "This machine has no builder of this installation. Another that has one keeps it until there: "
                    + "\(Buildx.remove(answers.builder))")
        }
        return notes
    }

    var isTerminating: Bool { facts.namespace.value?.isTerminating ?? false }
}
