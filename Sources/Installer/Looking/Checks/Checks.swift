/// The lists of checks that pages and verbs show.
public enum Checks {
    /// What is looked at before an install, by category.
    public static let install: [Check] = [
        .kubectl, .helm, .docker, .certificateFolder, .unfinished,
        .context, .server, .storageClass, .security, .sleep,
        .namespace, .rights, .podSecurity, .secrets, .release,
        .buildxPlugin, .defaultConfiguration, .builderName, .builderSettings,
    ]
}
