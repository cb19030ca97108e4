extension InstallPlanner {
    /// What an upgrade means for those who build, and for those who have changed the release.
    var upgradeNotes: [String] {
        guard isUpgrade, !releaseSteps.isEmpty else { return [] }
        var notes: [String] = []
        if let activity = facts.activity.value, !activity.isNone {
            notes.append("Now \(activity.inWords).")
        }
        notes.append(
            "Builds that run come to their end before the pod goes that they run on. Builds that begin meanwhile are "
                + "held until the new one is ready.")
        return notes
    }

    /// What becomes of the values that others have set.
    var valueNotes: [String] {
        let others = valuesOfOthers
        guard !releaseSteps.isEmpty, !others.isEmpty else { return [] }
        return [
            continued == nil
                ? "Values that were set on the release otherwise go, for one of them may be why it is not deployed: "
                    + "\(others.inShort)."
                : "Values that were set on the release otherwise stay: \(others.inShort)."
        ]
    }

    /// What was made by hand or by another tool, and becomes a part of the installation.
    var adoptionNotes: [String] {
        var notes: [String] = []
        let names = CertificatePlan.secretNames
        if answers.certificates == .secrets {
            notes.append("The Secrets \(names.outer) and \(names.inner) are used as they are.")
        }
        if let builder = adoptedBuilder {
            notes.append("The builder \(builder.name) is at that address already, and stays as it is.")
        }
        return notes
    }
}
