// What a menu has in it, as data: the component that shows it is loaded when it is needed.
export type MenuEntry =
  | { kind: 'text'; title: string; text: string }
  | { kind: 'separator' }
  /** `disabled`: why it cannot be done now, in words. `opens`: it ends nothing, but shows a dialog. */
  | {
      kind: 'action';
      label: string;
      danger?: boolean;
      disabled?: string;
      opens?: boolean;
      run: () => void;
    }
  | {
      kind: 'choice';
      label: string;
      value: string;
      options: { value: string; label: string }[];
      choose: (value: string) => void;
    };
