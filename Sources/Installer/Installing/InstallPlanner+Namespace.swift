extension InstallPlanner {
    var namespaceExists: Bool { facts.namespace.value?.exists ?? false }

    var namespace: Step? {
        guard !namespaceExists else { return nil }
        let manifest: JSONValue = [
            "apiVersion": "v1", "kind": "Namespace",
            "metadata": [
                "name": .string(site.namespace),
                // Every profile needs what the level "baseline" forbids; the namespace is BuildKit's alone.
                "labels": [
                    Labels.podSecurity: "privileged",
                    Labels.managedBy: .string(Labels.us),
                ],
            ],
        ]
        let cluster = Kubectl(context: site.context)
        return Step(
            id: "namespace", title: "Create the namespace \(site.namespace)",
            action: .run(command: cluster("create", "--filename", "-", input: manifest.text(indented: true))),
            undo: [.run(command: cluster.delete("namespace", site.namespace))])
    }
}
