import Installer

/// Says what there is of an installation, what of it goes, and why the rest stays.
struct HoldingRemarks {
    private let holdings: [Holding]

    init(_ answers: Answers, _ facts: Facts) { holdings = facts.holdings(answers) }

    var all: [Remark] {
        holdings.map { holding in
            let fate = holding.goes ? "goes" : holding.keptBecause.map { "stays: \($0)" } ?? "stays"
            return Remark(
                subject: holding.part.rawValue, text: "\(fate) (\(holding.what))",
                style: holding.goes ? .warning : .plain)
        }
    }
}

extension Form {
    /// What follows from the answers.
    func remarks(_ answers: Answers, _ facts: Facts) -> [Remark] {
        self == .address
            ? AddressRemarks(answers, facts).all
            : self == .removal ? HoldingRemarks(answers, facts).all : []
    }
}
