import Installer

/// Offers a cluster on this machine to somebody who has none, before the wizard opens.
struct LocalClusterOffer {
    let dependencies: Dependencies

    /// Asks where no cluster is reachable and a tool is installed that makes one, and makes the one that is chosen.
    func make(for answers: Answers) async throws {
        let clusters = LocalCluster.available(in: dependencies)
        // A context that was named is the cluster that is meant.
        guard !clusters.isEmpty, answers.context.isEmpty,
            let reason = await FactCollector(dependencies: dependencies, answers: answers).whyUnreachable()
        else { return }
        guard let cluster = choose(from: clusters, reason) else { return }
        Console.output.line("\n\(cluster.create)")
        if let failure = try await SignalHandling.ending({ await failure(ofMaking: cluster) }) {
            throw failure
        }
        try await cluster.identified(in: dependencies).record(in: dependencies.places)
        Console.output.line("The \(cluster) is ready; uninstall can delete it.")
    }

    private func failure(ofMaking cluster: LocalCluster) async -> InstallerError? {
        do {
            _ = try await dependencies.runner(cluster.create) { Console.output.line("  \($0.text)") }
            return nil
        } catch {
            let cause = error as? InstallerError
            return InstallerError(
                "The \(cluster) could not be created", detail: cause?.detail ?? cause?.message,
                hint: "Delete what is left of it: \(cluster.delete)")
        }
    }

    private func choose(from clusters: [LocalCluster], _ reason: InstallerError) -> LocalCluster? {
        Console.output.line("No Kubernetes cluster is reachable: \(reason.detail ?? reason.message)")
        Console.output.line("Create one on this machine?")
        for (number, cluster) in clusters.enumerated() {
            Console.output.line("  \(number + 1)  \(cluster.create)")
        }
        Console.output.write(VisibleText("Number, or Enter to go on without a cluster: "))
        guard let number = Int(readLine() ?? ""), clusters.indices.contains(number - 1) else { return nil }
        return clusters[number - 1]
    }
}
