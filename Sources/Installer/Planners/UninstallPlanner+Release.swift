// The release, its pods, and what Helm leaves of it.

extension UninstallPlanner {
    var release: Step? {
        guard installedParts.goes(.release), let release = facts.release else { return nil }
        return Step(
            id: "release", title: "Uninstall the release \(installation.release)",
            action: .uninstallRelease(
                installation: installation, revision: release.revision, timeout: answers.timeout))
    }

    /// Pods drain until their builds end, unless `--force` is given. Their ReplicaSets are deleted before them: those that an
    /// interrupted uninstall has deleted are known from its plan.
    var pods: Step? {
        let seen = installedParts.goes(.release) ? facts.contents?.replicaSets ?? [] : []
        let owners = seen + facts.interruptedPods.filter { !seen.contains($0) }
        guard answers.force, !owners.isEmpty else { return nil }
        return Step(
            id: "pods", title: "Force-delete the BuildKit pods",
            action: .deletePods(
                removal: PodRemoval(
                    installation: installation, owners: .replicaSets(seen: owners), gracePeriod: 0)))
    }

    /// Objects that Helm does not delete: those that are not in its manifest, and all objects where its record is missing.
    var leftovers: Step? {
        let objects = facts.contents?.ofRelease ?? []
        guard installedParts.goes(.release), !objects.isEmpty else { return nil }
        guard facts.release != nil else {
            return delete(objects, as: "objects", "Delete leftover resources: \(objects.inShort)")
        }
        let title =
            unlisted.isEmpty
            ? "Verify the removal" : "Delete further resources of the release: \(unlisted.inShort)"
        return delete(objects, as: "objects", title)
    }

    /// What is deleted besides the objects in the manifest, and what is not deleted although it was asked for.
    var releaseNotes: [String] {
        let others = unlisted.map {
            "Also deleted: \($0). It is marked as a part of the release, but is not in its manifest."
        }
        let isUnknown =
            answers.force && installedParts.goes(.release) && pods == nil
            && facts.contents.map { $0.replicaSets == nil } ?? false
        return others
            + (isUnknown
                ? ["Running builds are not canceled: the ReplicaSets of the release cannot be listed."] : [])
    }

    /// The objects that Helm has marked as the release's, and that are not in its manifest: the pods of its tests, and objects
    /// of an earlier revision or of a user.
    private var unlisted: [String] {
        guard installedParts.goes(.release), let release = facts.release else { return [] }
        return (facts.contents?.ofRelease ?? []).filter { !release.objects.contains($0) }
    }
}
