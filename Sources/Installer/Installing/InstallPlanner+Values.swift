import MutualTLS

extension InstallPlanner {
    /// Whether Envoy's Secret holds a revocation list: one that is planned, or one that is there.
    var hasRevocations: Bool {
        answers.certificates == .secrets
            ? facts.secrets.value?.outer?.digests["crl.pem"] != nil
            : certificates.outerFiles["crl.pem"] != nil
    }

    var security: SecurityProfile { answers.security ?? SecurityProfile.recommended(by: facts).profile }

    /// What the answers come to.
    var values: ChartValues { values(of: answers) }

    private func values(of answers: Answers) -> ChartValues {
        ChartValues(
            answers, security: security, hasRevocations: hasRevocations,
            // An install knows nothing of clients: whom others let in stays in, and nobody else.
            clients: (facts.release.value ?? nil).map { ClientList(values: $0.values) } ?? ClientList(),
            innerName: certificates.innerIsOurs ? "\(InnerHop.serverNames[0])" : nil)
    }

    /// The release whose values Helm takes over where nobody names them; nil where there is none.
    ///
    /// One that was interrupted has been taken back to what worked before Helm does so. One that has failed is none:
    /// nobody knows whether its values are to blame.
    var continued: Facts.Release? {
        guard let release = facts.release.value ?? nil else { return nil }
        return release.status == "deployed" || release.isLocked && !release.isHalfThere ? release : nil
    }

    /// The values that the release has; nothing where there is none.
    var released: JSONValue { (facts.release.value ?? nil)?.values ?? [:] }

    /// The values that the last install had answered and this one does not: the chart's own take their place. A
    /// value that somebody has changed since is theirs.
    var dropped: [[String]] {
        guard let release = continued, let kept = facts.kept.value, !kept.isEmpty else { return [] }
        var before = Answers()
        before.recall(kept, except: [])
        let wanted = values.json.leaves
        return values(of: before).json.leaves.filter { path, value in
            // What an interrupted upgrade has set is not what will be there when it has been taken back.
            wanted[path] == nil && (release.values[path] == value || release.isLocked)
        }.map(\.key).sorted { $0.joined(separator: ".") < $1.joined(separator: ".") }
    }

    /// The values that somebody else has set on the release.
    var valuesOfOthers: [String] {
        let own = Set(values.json.leaves.keys).union(dropped)
        return released.leaves.keys.filter { !own.contains($0) }.map { $0.joined(separator: ".") }.sorted()
    }

    /// What Helm is told: null has it forget a value of before.
    var valuesForHelm: JSONValue {
        dropped.reduce(values.json) { $0.setting(.null, at: $1) }
    }

    /// Whether the release has all the values that it should, and none that it should not.
    var valuesAreReleased: Bool {
        dropped.isEmpty && values.json.leaves.allSatisfy { released[$0.key] == $0.value }
    }
}
